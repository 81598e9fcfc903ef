import { layout } from '../layout.ts';

/** Where a search for duplicates reads, and what its steps are called. */
export interface Pass {
  /** The step whose documents are compared: a table and its units. */
  reads: { step: string; documents: string };
  signatures: string;
  seniority: string;
  pairs: string;
  survivors: typeof layout.survivors | typeof layout.finalSurvivors;
  /** Whether its clusters hold those of the first pass too. */
  final: boolean;
}

/** Over the documents as they were read. */
export const firstPass: Pass = {
  reads: layout.read,
  signatures: 'signatures',
  seniority: 'seniority',
  pairs: 'pairs',
  survivors: layout.survivors,
  final: false,
};

/**
 * Over what the step `apply` left. Without their repeated lines texts may be alike that were not before: two pages of
 * one text under two menus. What training sees and what is held out are cut from this, so it has to be looked at.
 */
export const finalPass: Pass = {
  reads: layout.apply,
  signatures: 'final-signatures',
  seniority: 'final-seniority',
  pairs: 'final-pairs',
  survivors: layout.finalSurvivors,
  final: true,
};

import type { Hiding } from '@lucie/retrieval';
import { useLocale } from '../locale.tsx';
import type { Language } from '../texts.ts';

/** Every text of the pages of rooms, French first. */
const fr = {
  title: 'Mes documents, LUCIE',
  skip: 'Aller au contenu',
  nav: 'Navigation',
  navFirst: 'Accueil',
  rooms: 'Mes documents',
  roomsLead:
    'Faites une salle par classe ou par cours, déposez-y vos documents, posez une question. La réponse cite vos documents, avec la page et le passage\u00a0; quand ils ne disent rien, elle le dit.',
  local:
    'Vos documents sont gardés par l’ordinateur qui fait tourner LUCIE, jusqu’à ce que vous les effaciez. Cette page n’envoie rien ailleurs.',
  newRoom: 'Nouvelle salle',
  roomName: 'Nom de la salle',
  roomNameHint: 'Par exemple\u00a0: 6e B, sciences',
  makeRoom: 'Créer la salle',
  yourRooms: 'Vos salles',
  noRooms: 'Aucune salle pour l’instant.',
  made: (day: string) => `créée le ${day}`,
  damagedRoom: 'Salle qui ne peut pas être lue',
  documents: (count: number) =>
    count === 0 ? 'aucun document' : count === 1 ? '1 document' : `${count} documents`,
  back: 'Toutes les salles',
  loading: 'Chargement…',
  methods: 'Comment cette salle répond',
  searchWords: 'Recherche par les mots seulement',
  searchWordsHelp:
    'Elle reconnaît les formes d’un mot, les accents oubliés et les fautes de frappe, mais pas les synonymes.',
  searchMeaning: 'Recherche par les mots et par le sens',
  searchMeaningHelp: 'Elle trouve aussi un passage qui dit la même chose avec d’autres mots.',
  answerQuotes: 'Réponses faites de citations',
  answerQuotesHelp: 'Les phrases sont celles de vos documents, recopiées mot pour mot.',
  answerWritten: 'Réponses rédigées par le modèle',
  answerWrittenHelp:
    'Chaque phrase est comparée au passage qu’elle cite\u00a0; sans appui, elle est retirée.',

  drop: 'Déposez vos fichiers ici',
  dropNow: 'Lâchez les fichiers\u00a0: ils seront ajoutés à la salle',
  choose: 'Choisir des fichiers',
  kinds: 'PDF, Word (.docx), page web, Markdown ou texte\u00a0; 32 Mo au plus par fichier.',
  uploads: 'Ajouts',
  waiting: 'en attente',
  sending: (percent: string) => `envoi, ${percent}`,
  reading: 'lecture du document…',
  added: 'ajouté',
  duplicate: 'déjà dans la salle\u00a0: rien n’a été ajouté',
  addedSaid: (name: string) => `${name}\u00a0: ajouté à la salle.`,
  cancel: 'Annuler',
  cancelUpload: (name: string) => `Annuler l’ajout de ${name}`,
  retry: 'Réessayer',
  retryUpload: (name: string) => `Envoyer de nouveau ${name}`,
  dismiss: 'Fermer',
  dismissUpload: (name: string) => `Fermer ${name}`,
  cancelled: 'ajout annulé',

  documentsTitle: 'Documents de la salle',
  noDocuments: 'La salle est vide. Déposez un premier document.',
  pages: (count: string, many: boolean) => (many ? `${count} pages` : `${count} page`),
  paragraphs: (count: string, many: boolean) => (many ? `${count} passages` : `${count} passage`),
  formats: { pdf: 'PDF', docx: 'Word', html: 'page web', markdown: 'Markdown', text: 'texte' } as Record<
    string,
    string
  >,
  scanned: (pages: string, many: boolean) =>
    many
      ? `Les pages ${pages} sont des images\u00a0: leur texte n’a pas pu être lu.`
      : `La page ${pages} est une image\u00a0: son texte n’a pas pu être lu.`,
  hidden: (count: string, many: boolean) =>
    many
      ? `${count} textes cachés dans ce document\u00a0: ils ne servent pas aux réponses`
      : `Un texte caché dans ce document\u00a0: il ne sert pas aux réponses`,
  hiddenHelp: 'Personne ne voit ces textes à la lecture, mais un programme les trouve. Les voici\u00a0:',
  hidings: {
    colour: 'écrit dans la couleur du fond',
    size: 'écrit trop petit pour être lu',
    'off-page': 'placé hors de la page',
    invisible: 'rendu invisible',
    metadata: 'dans les propriétés du fichier',
    comment: 'en commentaire',
    alternative: 'description d’une image',
  } satisfies Record<Hiding, string> as Record<string, string>,
  onPage: (page: number) => `page ${page}`,
  inParagraph: (paragraph: number) => `paragraphe ${paragraph}`,
  remarks: 'Remarques de lecture',
  read: 'Lire',
  readDocument: (name: string) => `Lire ${name}`,
  remove: 'Retirer',
  removeDocument: (name: string) => `Retirer ${name} de la salle`,
  removeTitle: 'Retirer ce document\u00a0?',
  removeHelp: (name: string) => `${name} sera effacé de la salle. Les réponses ne le citeront plus.`,
  removed: (name: string) => `${name}\u00a0: retiré de la salle.`,

  ask: 'Poser une question',
  question: 'Votre question',
  questionHint: 'Entrée envoie, Échap arrête la réponse.',
  send: 'Demander',
  stop: 'Arrêter',
  restart: 'Effacer les questions',
  askFirst: 'Déposez d’abord un document\u00a0: la réponse ne vient que de là.',
  answers: 'Questions et réponses',
  you: 'Question',
  answer: 'Réponse',
  searching: 'Recherche dans vos documents…',
  stopped: 'Réponse arrêtée.',
  askAgain: 'Reposer la question',
  superseded: (old: string, by: string) =>
    `«\u00a0${old}\u00a0» dit autre chose, mais «\u00a0${by}\u00a0» le remplace.`,
  proof: (number: number, title: string, place: string) => `Preuve ${number}\u00a0: ${title}, ${place}`,
  proofs: 'Preuves',
  quoted: (text: string) => `«\u00a0${text}\u00a0»`,
  byQuotes: 'Citations de vos documents, mot pour mot.',
  byModel: 'Rédigé par le modèle, phrase par phrase vérifié contre les passages cités.',
  refusals: {
    silent: 'Vos documents ne répondent pas à cette question.',
    unsupported: 'Le modèle n’a rien écrit que vos documents appuient\u00a0: il n’y a donc pas de réponse.',
    premise: 'La question suppose quelque chose que vos documents ne disent pas, ou qu’ils contredisent.',
  } as Record<string, string>,
  lookedFor: 'Mots cherchés',
  nearest: 'Les passages les plus proches, qui ne suffisent pas',
  noNearest: 'Aucun passage ne parle de cela.',
  seePassage: (title: string, place: string) => `Voir dans ${title}, ${place}`,

  pageOf: (page: number, pages: number) => `Page ${page} sur ${pages}`,
  previousPage: 'Page précédente',
  nextPage: 'Page suivante',
  citedPage: 'Page citée',
  close: 'Fermer',
  download: 'Télécharger le fichier',
  asText: 'Son texte',
  drawing: (page: number, quote: string) =>
    quote === ''
      ? `Page ${page} redessinée à partir de son texte.`
      : `Page ${page} redessinée à partir de son texte, le passage cité surligné\u00a0: ${quote}`,
  drawingHelp: 'Page redessinée à partir de son texte\u00a0; images et mise en forme n’y sont pas.',
  table: 'Tableau',
  emptyPage: 'Cette page n’a pas de texte.',
  scannedPage: 'Cette page est une image\u00a0: son texte n’a pas pu être lu.',

  manage: 'La salle elle-même',
  export: 'Exporter la salle',
  exportHelp: 'Un seul fichier avec les documents et leur index, à garder ou à porter ailleurs.',
  erase: 'Effacer la salle',
  eraseHelp: 'Documents, index et nom sont effacés de l’ordinateur.',
  eraseTitle: 'Effacer cette salle\u00a0?',
  eraseSure: (name: string, documents: string) =>
    `La salle «\u00a0${name}\u00a0» et ce qu’elle contient (${documents}) seront effacés pour toujours. Exportez-la d’abord si vous voulez la garder.`,
  eraseDamaged:
    'Le fichier de cette salle sera effacé pour toujours. Si vous en avez gardé une copie, elle peut servir à la refaire.',
  keep: 'Garder',

  errors: {
    document_format:
      'Ce n’est pas un format lu ici. Enregistrez le document en PDF, en Word (.docx) ou en texte, puis recommencez.',
    document_broken:
      'Le fichier est abîmé ou protégé par un mot de passe. Ouvrez-le, enregistrez-le de nouveau sans mot de passe, puis recommencez.',
    document_too_large:
      'Le fichier est trop gros. Au plus 32 Mo, 1 000 pages et 4 millions de caractères\u00a0: partagez-le en plusieurs fichiers.',
    document_too_slow:
      'Le fichier est trop compliqué à lire. Enregistrez-le de nouveau en PDF, ou partagez-le en plusieurs fichiers.',
    document_empty:
      'Le fichier ne contient aucun texte à lire. Si c’est un document numérisé, passez-le d’abord par une reconnaissance de caractères.',
    room_missing: 'Cette salle n’existe pas, ou elle a été effacée.',
    room_damaged:
      'Le fichier de cette salle est abîmé et ne peut plus être lu. Vous pouvez l’effacer, et refaire la salle à partir de vos documents.',
    room_too_new:
      'Cette salle a été faite par une version plus récente de LUCIE. Mettez ce serveur à jour pour la lire.',
    room_full: 'La salle est pleine. Retirez un document, ou faites une autre salle.',
    too_many_rooms: 'Ce serveur ne peut pas garder une salle de plus. Effacez une salle qui ne sert plus.',
    storage_failed:
      'Le serveur n’arrive pas à lire ou à écrire ses fichiers. Prévenez la personne qui s’en occupe.',
    document_missing: 'Ce document n’est plus dans la salle.',
    rooms_off:
      'Ce serveur ne garde pas de documents. Demandez à la personne qui s’en occupe de le relancer avec un dossier pour les salles.',
    key_needed: 'Ce serveur demande une clef, et cette page ne peut pas en donner.',
    busy: 'Le serveur est très occupé. Réessayez dans quelques secondes.',
    disk_full: 'L’ordinateur n’a plus de place. Libérez de l’espace, puis recommencez.',
    unreachable: 'Le serveur ne répond plus. Vérifiez qu’il tourne toujours, puis recommencez.',
    question_too_long: 'La question est trop longue. Raccourcissez-la.',
    failed: 'Cela n’a pas marché. Recommencez\u00a0; si l’erreur revient, relancez le serveur.',
  },
};

export type RoomTexts = typeof fr;
export type ErrorName = keyof RoomTexts['errors'];

const en: RoomTexts = {
  title: 'My documents, LUCIE',
  skip: 'Skip to the content',
  nav: 'Navigation',
  navFirst: 'Home',
  rooms: 'My documents',
  roomsLead:
    'Make a room for each class or course, drop your documents there, ask a question. The answer quotes your documents, with page and passage; when they are silent, it says so.',
  local:
    'Your documents are kept by the computer that runs LUCIE, until you erase them. This page sends nothing elsewhere.',
  newRoom: 'New room',
  roomName: 'Name of the room',
  roomNameHint: 'For example: Year 7 B, science',
  makeRoom: 'Make the room',
  yourRooms: 'Your rooms',
  noRooms: 'No room yet.',
  made: (day) => `made on ${day}`,
  damagedRoom: 'Room that cannot be read',
  documents: (count) => (count === 0 ? 'no document' : count === 1 ? '1 document' : `${count} documents`),
  back: 'All rooms',
  loading: 'Loading…',
  methods: 'How this room answers',
  searchWords: 'Search by words only',
  searchWordsHelp: 'It knows a word’s forms, forgotten accents and typing mistakes, but no synonyms.',
  searchMeaning: 'Search by words and by meaning',
  searchMeaningHelp: 'It also finds a passage that says the same in other words.',
  answerQuotes: 'Answers made of quotations',
  answerQuotesHelp: 'The sentences are those of your documents, word for word.',
  answerWritten: 'Answers written by the model',
  answerWrittenHelp:
    'Each sentence is compared with the passage that it cites; without support it is removed.',

  drop: 'Drop your files here',
  dropNow: 'Let go: the files will be added to the room',
  choose: 'Choose files',
  kinds: 'PDF, Word (.docx), web page, Markdown or text; at most 32 MB each.',
  uploads: 'Being added',
  waiting: 'waiting',
  sending: (percent) => `sending, ${percent}`,
  reading: 'reading the document…',
  added: 'added',
  duplicate: 'already in the room: nothing was added',
  addedSaid: (name) => `${name}: added to the room.`,
  cancel: 'Cancel',
  cancelUpload: (name) => `Cancel adding ${name}`,
  retry: 'Try again',
  retryUpload: (name) => `Send ${name} again`,
  dismiss: 'Close',
  dismissUpload: (name) => `Close ${name}`,
  cancelled: 'cancelled',

  documentsTitle: 'Documents of the room',
  noDocuments: 'The room is empty. Drop a first document.',
  pages: (count, many) => (many ? `${count} pages` : `${count} page`),
  paragraphs: (count, many) => (many ? `${count} passages` : `${count} passage`),
  formats: { pdf: 'PDF', docx: 'Word', html: 'web page', markdown: 'Markdown', text: 'text' },
  scanned: (pages, many) =>
    many
      ? `Pages ${pages} are pictures: their text could not be read.`
      : `Page ${pages} is a picture: its text could not be read.`,
  hidden: (count, many) =>
    many
      ? `${count} hidden texts in this document: not used in answers`
      : 'A hidden text in this document: not used in answers',
  hiddenHelp: 'Nobody who reads sees these texts, but a program finds them. Here they are:',
  hidings: {
    colour: 'in the colour of the background',
    size: 'too small to be read',
    'off-page': 'outside the page',
    invisible: 'made invisible',
    metadata: 'in the file’s properties',
    comment: 'in a comment',
    alternative: 'description of a picture',
  },
  onPage: (page) => `page ${page}`,
  inParagraph: (paragraph) => `paragraph ${paragraph}`,
  remarks: 'Remarks on reading it',
  read: 'Read',
  readDocument: (name) => `Read ${name}`,
  remove: 'Remove',
  removeDocument: (name) => `Remove ${name} from the room`,
  removeTitle: 'Remove this document?',
  removeHelp: (name) => `${name} will be erased from the room. Answers will no longer quote it.`,
  removed: (name) => `${name}: removed from the room.`,

  ask: 'Ask a question',
  question: 'Your question',
  questionHint: 'Enter sends, Escape stops the answer.',
  send: 'Ask',
  stop: 'Stop',
  restart: 'Clear the questions',
  askFirst: 'Drop a document first: answers come from there only.',
  answers: 'Questions and answers',
  you: 'Question',
  answer: 'Answer',
  searching: 'Searching your documents…',
  stopped: 'Answer stopped.',
  askAgain: 'Ask again',
  superseded: (old, by) => `“${old}” says otherwise, but “${by}” replaces it.`,
  proof: (number, title, place) => `Proof ${number}: ${title}, ${place}`,
  proofs: 'Proofs',
  quoted: (text) => `“${text}”`,
  byQuotes: 'Quoted from your documents, word for word.',
  byModel: 'Written by the model, each sentence checked against the passages it cites.',
  refusals: {
    silent: 'Your documents do not answer this question.',
    unsupported: 'The model wrote nothing that your documents support: so there is no answer.',
    premise: 'The question takes for granted what your documents do not say, or contradict.',
  },
  lookedFor: 'Words looked for',
  nearest: 'The nearest passages, which are not enough',
  noNearest: 'No passage speaks of this.',
  seePassage: (title, place) => `See in ${title}, ${place}`,

  pageOf: (page, pages) => `Page ${page} of ${pages}`,
  previousPage: 'Previous page',
  nextPage: 'Next page',
  citedPage: 'Cited page',
  close: 'Close',
  download: 'Download the file',
  asText: 'Its text',
  drawing: (page, quote) =>
    quote === ''
      ? `Page ${page} drawn again from its text.`
      : `Page ${page} drawn again from its text, the cited passage highlighted: ${quote}`,
  drawingHelp: 'Drawn again from the page’s text; pictures and styles are not shown.',
  table: 'Table',
  emptyPage: 'This page has no text.',
  scannedPage: 'This page is a picture: its text could not be read.',

  manage: 'The room itself',
  export: 'Export the room',
  exportHelp: 'One file with the documents and their index, to keep or to take elsewhere.',
  erase: 'Erase the room',
  eraseHelp: 'Documents, index and name are erased from the computer.',
  eraseTitle: 'Erase this room?',
  eraseSure: (name, documents) =>
    `The room “${name}” and what it holds (${documents}) will be erased for ever. Export it first if you want to keep it.`,
  eraseDamaged:
    'The file of this room will be erased for ever. A copy of it, if you kept one, can restore it.',
  keep: 'Keep',

  errors: {
    document_format:
      'This is no format that is read here. Save the document as PDF, Word (.docx) or text, then try again.',
    document_broken:
      'The file is damaged or protected by a password. Open it, save it again without a password, then try again.',
    document_too_large:
      'The file is too big. At most 32 MB, 1,000 pages and 4 million characters: divide it into several files.',
    document_too_slow:
      'The file is too complicated to read. Save it again as PDF, or divide it into several files.',
    document_empty: 'The file holds no text to read. If it is a scan, have its characters recognised first.',
    room_missing: 'There is no such room, or it has been erased.',
    room_damaged:
      'The file of this room is damaged and can no longer be read. You can erase it, and make the room again from your documents.',
    room_too_new: 'This room was made by a newer version of LUCIE. Update this server to read it.',
    room_full: 'The room is full. Remove a document, or make another room.',
    too_many_rooms: 'This server can hold no more rooms. Erase one that is no longer needed.',
    storage_failed: 'The server cannot read or write its files. Tell whoever looks after it.',
    document_missing: 'This document is no longer in the room.',
    rooms_off:
      'This server keeps no documents. Ask whoever looks after it to start it with a folder for rooms.',
    key_needed: 'This server asks for a key, and this page has none to give.',
    busy: 'The server is very busy. Try again in some seconds.',
    disk_full: 'The computer has no room left. Free some space, then try again.',
    unreachable: 'The server no longer answers. Check that it still runs, then try again.',
    question_too_long: 'The question is too long. Shorten it.',
    failed: 'That did not work. Try again; if the error comes back, restart the server.',
  },
};

export const ROOM_LANGUAGES: Record<Language, RoomTexts> = { fr, en };

export function useRoomTexts(): RoomTexts {
  return ROOM_LANGUAGES[useLocale().language];
}

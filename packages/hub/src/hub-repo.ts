/** A repository of the hub at one revision. */
export interface HubRepo {
  type: 'model' | 'dataset';
  /** `owner/name`. */
  name: string;
  /** A commit, a branch or a tag. */
  revision: string;
}

/** Where the hub gives a file: `<hub>/[datasets/]<name>/resolve/<revision>/<path>`. */
export function fileAddress(repo: HubRepo, opts: { hubUrl: string; path: string }): string {
  const folder = repo.type === 'dataset' ? '/datasets' : '';
  const path = opts.path.split('/').map(encodeURIComponent).join('/');
  return `${opts.hubUrl}${folder}/${repo.name}/resolve/${encodeURIComponent(repo.revision)}/${path}`;
}

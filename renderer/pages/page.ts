/** Where the window is. `ceremony` and `backup` bear the id of what they show. */
export type Page =
  | { readonly name: 'backups' | 'drills' | 'plans' | 'ceremonies' | 'trust' | 'settings' | 'begin' }
  | { readonly name: 'ceremony' | 'backup'; readonly id: string };

export type PageName = Page['name'];

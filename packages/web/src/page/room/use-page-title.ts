import { useEffect } from 'react';

/** What the browser's tab is called while this part of the page is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
}

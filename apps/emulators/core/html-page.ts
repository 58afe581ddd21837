export function escapeHtml(text: unknown): string {
  return String(text ?? '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

export function hiddenInputs(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`)
    .join('');
}

const style = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#1f2933}
main{max-width:60rem;margin:2rem auto;padding:1.5rem 2rem;background:#fff;border-radius:.5rem;box-shadow:0 1px 4px #0002}
main.narrow{max-width:24rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}label{display:block;margin:.75rem 0}
input,select{font:inherit;padding:.35rem .5rem;border:1px solid #9aa5b1;border-radius:.25rem}label input{width:100%;box-sizing:border-box}
button{font:inherit;padding:.4rem .9rem;border:1px solid #486581;border-radius:.25rem;background:#fff;cursor:pointer}
button.main{background:#243b53;color:#fff}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .5rem;border-bottom:1px solid #e4e7eb}
.note{color:#52606d;font-size:.9rem}.bad{color:#ab091e}.row form{display:inline-block;margin:.15rem .3rem .15rem 0}`;

/** A whole page. `body` is HTML already. */
export function htmlPage(title: string, body: string, narrow = false): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(title)}</title><style>${style}</style></head><body><main${narrow ? ' class="narrow"' : ''}>${body}</main></body></html>`;
}

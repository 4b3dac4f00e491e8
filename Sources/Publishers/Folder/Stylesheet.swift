/// How the folder's pages look: the reader's own fonts, a measure of about 68 characters, light or dark as the reader's
/// machine says. Inside each page, so that one file carries all it needs.
enum Stylesheet {
    static let text = """
        :root { color-scheme: light dark; --paper: #fcfbf8; --ink: #21201c; --faint: #6d6a61; --line: #e3dfd5;
          --card: #ffffff; --link: #0b5c94; --note: #fdf3d7; --note-ink: #5f4300; --good: #1d6b3a; }
        @media (prefers-color-scheme: dark) { :root { --paper: #17181a; --ink: #e7e4dd; --faint: #a09c92;
          --line: #34353a; --card: #1f2124; --link: #82bdf0; --note: #38301a; --note-ink: #f2dfae; --good: #7fd09b; } }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; padding: 2rem 1.25rem 5rem; background: var(--paper); color: var(--ink);
          overflow-wrap: break-word; font: 1.125rem/1.65 ui-serif, "Iowan Old Style", Charter, Georgia, Cambria,
          serif; }
        main { max-width: 40rem; margin: 0 auto; }
        header, nav, footer, h1, h2, h3, h4, .card, .note, .badge, .facts { font-family: system-ui, -apple-system,
          "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        h1 { font-size: clamp(1.9rem, 1.4rem + 2.4vw, 2.7rem); line-height: 1.12; letter-spacing: -0.022em;
          margin: 1.2rem 0 0.7rem; text-wrap: balance; }
        h2 { font-size: 1.45rem; line-height: 1.25; letter-spacing: -0.012em; margin: 2.4em 0 0.6em;
          text-wrap: balance; }
        h3 { font-size: 1.15rem; line-height: 1.35; margin: 2em 0 0.5em; }
        h4, h5, h6 { font-size: 1rem; margin: 1.8em 0 0.4em; }
        p, ul, ol, blockquote, pre { margin: 0 0 1.15em; }
        li { margin: 0.35em 0; }
        a { color: var(--link); text-underline-offset: 0.15em; }
        nav { font-size: 0.9rem; } nav a { text-decoration: none; }
        img { max-width: 100%; height: auto; display: block; }
        figure { margin: 1.6rem 0 2rem; } figure img { width: 100%; border-radius: 10px; }
        blockquote { padding-inline-start: 1.1em; border-inline-start: 3px solid var(--line); color: var(--faint); }
        code { font: 0.88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--line);
          padding: 0.1em 0.3em; border-radius: 4px; }
        pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 0.9em 1em;
          overflow-x: auto; }
        pre code { background: none; padding: 0; }
        hr { border: 0; border-top: 1px solid var(--line); margin: 2.5em 0; }
        .lead { font-size: 1.2rem; line-height: 1.5; color: var(--faint); margin-bottom: 1rem; }
        .facts { font-size: 0.9rem; color: var(--faint); margin: 0 0 1.4rem; }
        .note { background: var(--note); color: var(--note-ink); border-radius: 8px; padding: 0.6rem 0.9rem;
          font-size: 0.9rem; line-height: 1.45; margin: 1.2rem 0; }
        .badge { display: inline-block; font-size: 0.75rem; font-weight: 600; line-height: 1; letter-spacing: 0.02em;
          padding: 0.3em 0.55em; border-radius: 99px; border: 1px solid currentColor; color: var(--faint); }
        .badge.live { color: var(--good); }
        .tags { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.4rem; }
        .tags li { margin: 0; }
        footer { margin-top: 3rem; padding-top: 1.2rem; border-top: 1px solid var(--line); font-size: 0.85rem;
          color: var(--faint); }
        .shelf { max-width: 66rem; }
        .cards { list-style: none; padding: 0; margin: 2rem 0; display: grid; gap: 1.4rem;
          grid-template-columns: repeat(auto-fill, minmax(min(18rem, 100%), 1fr)); }
        .card { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px;
          overflow: hidden; display: flex; flex-direction: column; }
        .card img, .card .blank { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; background: var(--line); }
        .card div.words { padding: 1rem 1.1rem 1.1rem; display: flex; flex-direction: column; gap: 0.55rem; flex: 1; }
        .card h2 { font-size: 1.1rem; margin: 0; }
        .card h2 a { color: inherit; text-decoration: none; } .card h2 a:hover { text-decoration: underline; }
        .card p { margin: 0; font-size: 0.93rem; line-height: 1.45; color: var(--faint); }
        .card .facts { margin: auto 0 0; padding-top: 0.4rem; display: flex; gap: 0.6rem; align-items: center; }
        @media print { body { background: #fff; color: #000; padding: 0; } nav, .note { display: none; } }
        """
}

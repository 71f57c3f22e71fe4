namespace Orchestrations.Reports;

/// <summary>The style sheet of a report.</summary>
internal static class ReportStyle
{
    /// <summary>Arms beyond this many share colours.</summary>
    public const int Colours = 8;

    public const string Css = """
        :root { color-scheme: light dark; --ground: #f6f7f9; --card: #fff; --ink: #16202c; --muted: #5a6777; --rule: #dde3ea; --accent: #0b5cad;
          --good: #11703a; --bad: #b3261e; --open: #7a5200; --band: #e8eef5;
          --c0: #0b6bcb; --c1: #c2410c; --c2: #15803d; --c3: #7c3aed; --c4: #be185d; --c5: #0e7490; --c6: #946200; --c7: #475569; }
        @media (prefers-color-scheme: dark) { :root { --ground: #10151c; --card: #18202a; --ink: #e6ebf1; --muted: #9aa8b8; --rule: #2b3746; --accent: #6db3ff;
          --good: #5fd38d; --bad: #ff8a80; --open: #f0c060; --band: #232f3d;
          --c0: #5aa9ff; --c1: #fb923c; --c2: #4ade80; --c3: #b79bff; --c4: #f472b6; --c5: #22d3ee; --c6: #facc15; --c7: #94a3b8; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        main, header, footer { max-width: 1180px; margin: 0 auto; padding: 0 24px; }
        header { padding-top: 32px; }
        h1 { font-size: 15px; font-weight: 600; color: var(--muted); margin: 0 0 10px; }
        h2 { font-size: 19px; margin: 0 0 12px; }
        .verdict { font-size: 23px; line-height: 1.35; font-weight: 600; margin: 0; max-width: 62ch; }
        .headline { font-size: 16px; margin: 10px 0 0; max-width: 90ch; }
        .contents { columns: 3 220px; margin: 0; padding-left: 20px; } .contents a { color: var(--accent); }
        .facts { color: var(--muted); margin: 12px 0 0; }
        section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 20px 22px; margin: 20px 0; }
        .caveats { border-left: 4px solid var(--open); }
        .failed { border-left: 4px solid var(--bad); }
        .caveats ul, .failed ul { margin: 0; padding-left: 20px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin: 4px 0 14px; }
        caption { text-align: left; color: var(--muted); padding: 4px 0 8px; }
        th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--rule); text-align: right; vertical-align: top; white-space: nowrap; }
        thead th { font-weight: 600; color: var(--muted); vertical-align: bottom; }
        th[scope=row], .text { text-align: left; }
        .text { white-space: normal; } .reason { min-width: 34ch; overflow-wrap: anywhere; }
        tr.sub th, tr.sub td { color: var(--muted); font-weight: 400; }
        tr.sub th[scope=row] { padding-left: 20px; }
        .wins { color: var(--good); font-weight: 600; } .loses, .bad { color: var(--bad); font-weight: 600; } .undecided { color: var(--open); font-weight: 600; }
        .muted { color: var(--muted); font-weight: 400; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(430px, 100%), 1fr)); gap: 18px; }
        figure { margin: 0; max-width: 640px; } figure.wide { max-width: 860px; margin: 0 0 14px; }
        .behind { color: var(--muted); font-size: 13px; margin: 0 0 16px; } .behind a, td a, th a { color: var(--accent); } tr.sub th a, tr.sub td a { font-weight: 400; }
        figcaption { font-weight: 600; margin-bottom: 4px; }
        svg { width: 100%; height: auto; display: block; }
        .grid { stroke: var(--rule); stroke-width: 1; } .zero { stroke: var(--muted); stroke-width: 1.5; } .band { fill: var(--band); }
        .tick { fill: var(--muted); font-size: 12px; } .label { fill: var(--ink); font-size: 13px; } .mid { text-anchor: middle; } .end { text-anchor: end; }
        polyline { fill: none; stroke-width: 1.6; stroke-linejoin: round; opacity: .9; }
        .bar { stroke-width: 4; stroke-linecap: round; opacity: .55; } .seed { stroke-width: 1.5; }
        .c0 { stroke: var(--c0); fill: var(--c0); --c: var(--c0); } .c1 { stroke: var(--c1); fill: var(--c1); --c: var(--c1); }
        .c2 { stroke: var(--c2); fill: var(--c2); --c: var(--c2); } .c3 { stroke: var(--c3); fill: var(--c3); --c: var(--c3); }
        .c4 { stroke: var(--c4); fill: var(--c4); --c: var(--c4); } .c5 { stroke: var(--c5); fill: var(--c5); --c: var(--c5); }
        .c6 { stroke: var(--c6); fill: var(--c6); --c: var(--c6); } .c7 { stroke: var(--c7); fill: var(--c7); --c: var(--c7); }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 0 0 12px; }
        .legend span { display: inline-block; width: 18px; height: 4px; border-radius: 2px; background: var(--c); margin-right: 7px; vertical-align: middle; }
        details summary { cursor: pointer; color: var(--accent); } pre { overflow-x: auto; background: var(--ground); padding: 14px; border-radius: 8px; font-size: 13px; }
        code { font-size: .92em; overflow-wrap: anywhere; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; margin: 0 0 12px; } dt { color: var(--muted); } dd { margin: 0; }
        footer { color: var(--muted); padding-bottom: 36px; }
        @media (max-width: 620px) { main, header, footer { padding: 0 12px; } section { padding: 14px 12px; } .verdict { font-size: 19px; } dl { grid-template-columns: 1fr; } }
        /* On paper: light ink whatever the screen is, and tables that wrap instead of being cut. */
        @media print {
          :root { color-scheme: light; --ground: #fff; --card: #fff; --ink: #111; --muted: #444; --rule: #bbb; --accent: #0b5cad; --good: #0b5a2d; --bad: #97130c; --open: #6a4700; --band: #e8eef5;
            --c0: #0b6bcb; --c1: #c2410c; --c2: #15803d; --c3: #7c3aed; --c4: #be185d; --c5: #0e7490; --c6: #946200; --c7: #475569; }
          html, body { background: #fff; } body { font-size: 10.5pt; } main, header, footer { max-width: none; padding: 0; }
          section { border: 0; border-radius: 0; padding: 0; margin: 14pt 0; } .caveats, .failed { padding-left: 10pt; } h2, caption { break-after: avoid; } figure, tr { break-inside: avoid; }
          .scroll { overflow: visible; } table { font-size: 8.5pt; } th, td { white-space: normal; padding: 3px 6px 3px 0; } .reason { min-width: 0; }
          .charts { grid-template-columns: repeat(2, 1fr); } #contents, .behind { display: none; } a, td a, th a { color: inherit; text-decoration: none; } pre { white-space: pre-wrap; }
        }
        """;
}

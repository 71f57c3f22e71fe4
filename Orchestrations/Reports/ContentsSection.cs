using System.Net;
using System.Text.RegularExpressions;

namespace Orchestrations.Reports;

/// <summary>What else is on the page: a link to each section that follows.</summary>
internal static partial class ContentsSection
{
    public static void Add(Markup page, Markup rest)
    {
        page.Add($"""<section id="contents"><h2>Contents</h2><ul class="contents">""");
        foreach (Match section in Section().Matches(rest.ToString()))
            page.Add($"""<li><a href="#{section.Groups["id"].Value}">{WebUtility.HtmlDecode(section.Groups["title"].Value)}</a></li>""");
        page.Add($"</ul></section>");
    }

    [GeneratedRegex("<section id=\"(?<id>[a-z]+)\"><h2>(?<title>[^<]*)</h2>", RegexOptions.CultureInvariant)]
    private static partial Regex Section();
}

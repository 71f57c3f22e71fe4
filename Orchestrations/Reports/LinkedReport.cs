using System.Text.Encodings.Web;

namespace Orchestrations.Reports;

/// <summary>A stored report with the whole address of the app in its links, so that they lead there from a copy too.</summary>
internal static class LinkedReport
{
    public static string Of(string page, string app) =>
        page.Replace($"href=\"{Behind.App}", $"href=\"{HtmlEncoder.Default.Encode(app)}#/", StringComparison.Ordinal);
}

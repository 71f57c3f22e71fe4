using System.Text.RegularExpressions;

namespace Curriculum.Tests;

/// <summary>The documents, as a reader meets them.</summary>
[Trait("Speed", "fast")]
public sealed partial class PagesTests
{
    public static TheoryData<string> Pages =>
    [
        "CONTRIBUTING.md", .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(path => $"docs/{Path.GetFileName(path)}").Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_begins_with_who_it_is_for_and_what_they_can_do_after_it(string page) =>
        Assert.Matches(@"\A# .+\n\nFor .+\. After this page you .+", Text(page));

    [Theory]
    [MemberData(nameof(Pages))]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    public void Every_link_within_the_checkout_leads_somewhere(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        string[] targets = [.. Link().Matches(Text(page)).Select(link => link.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal))];
        Assert.All(targets, target => Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} leads to {target}, which is not there."));
    }

    private static string Text(string page) => File.ReadAllText(Path.Combine(Repository.Root, page));

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)")]
    private static partial Regex Link();
}

using Microsoft.Azure.Functions.Worker;

namespace LocalHost.Tests.OfficialSurface;

public class SurfaceTests
{
    private static readonly Type[] Public = typeof(FunctionAttribute).Assembly.GetExportedTypes();

    [Fact]
    public void LocalHost_has_the_recorded_official_surface_and_nothing_else()
    {
        var recorded = Listing.Read(Listing.Find("tests", "OfficialSurface")!);
        var offered = Public.ToDictionary(Rendered.Header, t => Rendered.Members(t).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);

        string[] differences =
        [
            .. offered.Keys.Except(recorded.Keys).Select(t => $"not official: {t}"),
            .. recorded.Keys.Except(offered.Keys).Select(t => $"missing: {t}"),
            .. offered.Keys.Intersect(recorded.Keys).SelectMany(t => offered[t].Except(recorded[t]).Select(m => $"not official: {t} | {m}")),
            .. offered.Keys.Intersect(recorded.Keys).SelectMany(t => recorded[t].Except(offered[t]).Select(m => $"missing: {t} | {m}")),
        ];
        Assert.True(differences.Length == 0, string.Join(Environment.NewLine, differences));
    }

    [Fact]
    public void Every_public_type_is_in_an_official_namespace() =>
        Assert.All(Public, t => Assert.StartsWith("Microsoft.", t.Namespace, StringComparison.Ordinal));

    [Fact]
    public void The_record_agrees_with_the_listings_of_the_official_packages()
    {
        var listings = Listing.Find("shared", "api");
        Assert.SkipWhen(listings is null, "The listings of the official packages (shared/api beside the checkout) are absent.");
        var official = Listing.Read(listings!).ToDictionary(t => Name(t.Key), t => t, StringComparer.Ordinal);

        List<string> differences = [];
        foreach (var (header, members) in Listing.Read(Listing.Find("tests", "OfficialSurface")!))
        {
            if (!official.TryGetValue(Name(header), out var type))
                differences.Add($"not listed: {header}");
            else if (!IsWithin(header, type.Key))
                differences.Add($"listed otherwise: {header} | {type.Key}");
            else
                differences.AddRange(members.Where(m => !m.StartsWith("[AttributeUsage", StringComparison.Ordinal)).Select(Comparable).Except(type.Value.Select(Comparable)).Select(m => $"not listed: {header} | {m}"));
        }

        Assert.True(differences.Count == 0, string.Join(Environment.NewLine, differences));
    }

    private static string Name(string header) => header.Split(" : ")[0];

    /// <summary>The record may leave out interfaces that the app does not use.</summary>
    private static bool IsWithin(string recorded, string listed)
    {
        static string[] Bases(string header) => header.Split(" : ") is [_, var bases] ? bases.Split(", ") : [];
        return !Bases(recorded).Except(Bases(listed)).Any();
    }

    /// <summary>The listings write some value types behind <c>out</c> with a question mark that the code does not have.</summary>
    private static string Comparable(string member) =>
        member.Replace("out int? ", "out int ", StringComparison.Ordinal).Replace("out bool? ", "out bool ", StringComparison.Ordinal);
}

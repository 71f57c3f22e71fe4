using Infra.Tests.Bicep;
using Infra.Tests.Policies;

namespace Infra.Tests;

/// <summary>What a deployment would make, for each committed set of parameters.</summary>
/// <remarks>After a change that is meant, run these tests with UPDATE_SNAPSHOTS=1 and commit what they write.</remarks>
[Trait("Speed", "fast")]
public class SnapshotTests(BicepCli bicep)
{
    private static readonly string Root = LocalSystem.Repository();
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [MemberData(nameof(ParameterSet.Names), MemberType = typeof(ParameterSet))]
    public async Task What_would_be_deployed_is_what_was_committed(string name)
    {
        BicepCli.SkipWhereAbsent();
        var set = ParameterSet.Named(name);
        var found = await bicep.SnapshotAsync(set.File(Root), TestContext.Current.CancellationToken);
        Assert.Empty(found["diagnostics"]!.AsArray());
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
            await File.WriteAllTextAsync(set.SnapshotFile(Root), found.ToJsonString(Indented) + "\n", TestContext.Current.CancellationToken);

        var committed = Committed(set);
        Assert.True(JsonNode.DeepEquals(committed, found), $"{name} differs from its snapshot:\n{Difference(committed, found)}\nIf it should, run with UPDATE_SNAPSHOTS=1.");
    }

    [Theory]
    [MemberData(nameof(ParameterSet.Names), MemberType = typeof(ParameterSet))]
    public void What_was_committed_keeps_every_policy(string name)
    {
        var set = ParameterSet.Named(name);
        Assert.Empty(Policy.Violations(new Snapshot(set, Committed(set))));
    }

    internal static JsonNode Committed(ParameterSet set) => JsonNode.Parse(File.ReadAllText(set.SnapshotFile(Root)))!;

    private static string Difference(JsonNode committed, JsonNode found)
    {
        var (before, after) = (committed.ToJsonString(Indented).Split('\n'), found.ToJsonString(Indented).Split('\n'));
        return string.Join('\n', before.Except(after).Take(10).Select(line => "- " + line.Trim()).Concat(after.Except(before).Take(10).Select(line => "+ " + line.Trim())));
    }
}

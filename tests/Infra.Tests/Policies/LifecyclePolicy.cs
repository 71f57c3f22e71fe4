using Curriculum.Work;
using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>Age deletes sampled trajectories and temporary uploads, nothing else, and no blob falls under two rules.</summary>
internal static class LifecyclePolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var rules = snapshot.Of("Microsoft.Storage/storageAccounts/managementPolicies").SelectMany(policy => policy["properties.policy.rules"]!.AsArray()).ToList();
        List<(string Rule, string Prefix)> prefixes = [];
        foreach (var rule in rules)
        {
            var name = (string)rule!["name"]!;
            if (rule["definition"]?["filters"]?["prefixMatch"] is not JsonArray { Count: > 0 } matches)
            {
                yield return $"Rule {name} has no prefix: it would touch every blob.";
                continue;
            }

            prefixes.AddRange(matches.Select(match => (name, (string)match!)));
        }

        string[] allowed = [$"{StorageNames.TrajectoriesContainer}/", $"{StorageNames.UploadsContainer}/"];
        foreach (var (rule, prefix) in prefixes.Where(each => !allowed.Any(start => each.Prefix.StartsWith(start, StringComparison.Ordinal))))
            yield return $"Rule {rule} touches '{prefix}'; only {string.Join(" and ", allowed)} may go by age.";
        foreach (var (one, other) in from one in prefixes from other in prefixes where one != other && one.Prefix.StartsWith(other.Prefix, StringComparison.Ordinal) select (one, other))
            yield return $"Rules {one.Rule} and {other.Rule} overlap on '{one.Prefix}'.";
        foreach (var container in allowed.Where(start => !prefixes.Any(each => each.Prefix.StartsWith(start, StringComparison.Ordinal))))
            yield return $"Nothing deletes old blobs of {container}.";
    }
}

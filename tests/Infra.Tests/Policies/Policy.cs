using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>A rule on what a deployment would make: a sentence for each violation.</summary>
public sealed record Policy(string Name, Func<Snapshot, IEnumerable<string>> Check)
{
    public static IReadOnlyList<Policy> All { get; } =
    [
        new("roles", RolePolicy.Check),
        new("keys", KeyPolicy.Check),
        new("storage", StoragePolicy.Check),
        new("lifecycle", LifecyclePolicy.Check),
        new("names-in-code", CodeNamesPolicy.Check),
        new("worker", WorkerPolicy.Check),
        new("app", AppPolicy.Check),
        new("backend", BackendPolicy.Check),
        new("network", NetworkPolicy.Check),
        new("azd-tags", TagPolicy.Check),
        new("resource-names", ResourceNamePolicy.Check),
        new("monitoring", MonitoringPolicy.Check),
    ];

    /// <summary>Every violation of every policy, with the policy's name before it.</summary>
    public static IReadOnlyList<string> Violations(Snapshot snapshot) =>
        [.. All.SelectMany(policy => policy.Check(snapshot).Select(violation => $"{policy.Name}: {violation}"))];

    /// <summary>A violation where a value is not as expected.</summary>
    internal static IEnumerable<string> Expect(Resource resource, string path, JsonNode? expected)
    {
        if (!resource.Is(path, expected))
            yield return $"{resource.Type} {resource.Name}: expected {path} = {expected?.ToJsonString() ?? "nothing"}, found {resource[path]?.ToJsonString() ?? "nothing"}.";
    }

    internal static IEnumerable<string> Same(string what, IEnumerable<string> expected, IEnumerable<string> found)
    {
        foreach (var missing in expected.Except(found))
            yield return $"Expected {what} {missing}; it is missing.";
        foreach (var extra in found.Except(expected))
            yield return $"Found {what} {extra}, which is not expected.";
    }
}

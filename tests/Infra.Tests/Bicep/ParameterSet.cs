namespace Infra.Tests.Bicep;

/// <summary>A committed parameter file, and what is expected of a deployment with it, said a second time.</summary>
public sealed record ParameterSet(string Name, string Accelerator, bool OnScheduler, bool Private, bool Webhook, bool Mail, bool Budget)
{
    public static IReadOnlyList<ParameterSet> All { get; } =
    [
        new("trial", "cpu", OnScheduler: false, Private: false, Webhook: false, Mail: false, Budget: false),
        new("t4", "t4", OnScheduler: true, Private: false, Webhook: true, Mail: true, Budget: true),
        new("private-a100", "a100", OnScheduler: true, Private: true, Webhook: true, Mail: true, Budget: false),
        new("storage", "cpu", OnScheduler: false, Private: true, Webhook: false, Mail: false, Budget: false),
    ];

    public static TheoryData<string> Names { get; } = [.. All.Select(set => set.Name)];

    public static ParameterSet Named(string name) => All.Single(set => set.Name == name);

    /// <summary>The folder in the checkout, or in a copy of it.</summary>
    public static string Folder(string root) => Path.Combine(root, "tests", "Infra.Tests", "Parameters");

    public string File(string root) => Path.Combine(Folder(root), $"{Name}.bicepparam");

    public string SnapshotFile(string root) => Path.Combine(Folder(root), $"{Name}.snapshot.json");

    public override string ToString() => Name;
}

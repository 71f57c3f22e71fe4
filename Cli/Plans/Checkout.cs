namespace Cli.Plans;

/// <summary>The folders of the checkout that the command belongs to.</summary>
/// <param name="Root">Where <c>Cloud.sln</c> is.</param>
internal sealed record Checkout(string Root)
{
    /// <summary>Names another folder than <c>.local</c>.</summary>
    public const string DataVariable = "CURRICULUM_DATA";

    /// <summary>Storage, logs and results of this machine.</summary>
    public string Data { get; init; } = Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named ? Path.GetFullPath(named) : Path.Combine(Root, ".local");

    public string Samples => Path.Combine(Root, "samples");

    /// <summary>The models that come with the project.</summary>
    public string Models => Path.Combine(Samples, "models");

    /// <summary>The plan that runs where none is named.</summary>
    public string StandardPlan => Path.Combine(Samples, "quick.json");

    public string Schema => Path.Combine(Root, "docs", "plan.schema.json");

    public string Verdict(string run) => Path.Combine(Data, "runs", run, "verdict.json");

    public string Report(string run) => Path.Combine(Data, "runs", run, "report.html");

    /// <summary>The checkout that a folder lies in; null where it lies in none.</summary>
    public static Checkout? Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Cloud.sln")))
                return new(at.FullName);
        }

        return null;
    }
}

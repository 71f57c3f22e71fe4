namespace Cli.Local;

/// <summary>How the processes of this machine are started.</summary>
internal sealed record LocalOptions
{
    public int Workers { get; init; } = 2;

    /// <summary>Starts what was built before, without a look at the sources.</summary>
    public bool AsBuilt { get; init; }

    /// <summary><c>Debug</c> or <c>Release</c>.</summary>
    public string Configuration { get; init; } = "Release";

    /// <summary>Starts another run although one of this plan is unfinished.</summary>
    public bool New { get; init; }

    /// <summary>Leaves everything running after the verdict.</summary>
    public bool Keep { get; init; }
}

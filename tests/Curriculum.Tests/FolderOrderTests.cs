namespace Curriculum.Tests;

/// <summary>The direction of the folders within each project: no cycle, and no arrow upwards.</summary>
[Trait("Speed", "fast")]
public sealed class FolderOrderTests
{
    // Lowest first. A folder uses those before it; what is at a project's root uses all of them.
    private static readonly Dictionary<string, string[]> Projects = new(StringComparer.Ordinal)
    {
        ["Curriculum"] =
        [
            "Draws", "Statistics", "Texts", "Arithmetic", "Plans", "Verifiers", "Problems", "Work", "Telemetry", "Rewards", "Advantages", "Admission", "Methods", "Guards", "Stages",
            "Training", "Evaluation", "Submission", "Costs", "Findings", "Api",
        ],
        ["Orchestrations"] = ["Telemetry", "Storage", "Outbound", "Http", "Reports", "Webhooks", "Workflows", "Watching", "Purging", "Trajectories", "Runs", "Schedules", "Datasets", "Web", "OpenApi"],
        ["GpuWorker"] = ["Checkpoints", "Items", "Tokenizers", "Policies", "Memory", "Training", "Verifiers", "Rollouts", "Execution", "Telemetry", "Models", "Worker", "Exports"],
        ["Cli"] = ["Terminal", "Hosts", "Views", "Plans", "Watching", "Local", "Commands"],
        ["LocalHost"] = ["Azurite", "Launch", "Telemetry", "Rpc", "Http", "Functions", "Hosting"],
    };

    public static TheoryData<string> Names => [.. Projects.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_folder_uses_only_folders_below_it(string project)
    {
        var sources = SourcesOf(project);
        Assert.NotEmpty(sources);
        var faults = new FolderOrder(project, Projects[project]).Faults(sources);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_project_file_makes_a_folder_known_to_all_others(string project) =>
        Assert.DoesNotContain($"Using Include=\"{project}.", File.ReadAllText(Path.Combine(Repository.Root, project, $"{project}.csproj")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_documents_list_the_folders_in_their_order(string project) =>
        Assert.Contains(
            $"| `{project}/` | {string.Join(", ", Projects[project])} |", File.ReadAllLines(Path.Combine(Repository.Root, "docs", "ARCHITECTURE.md")));

    [Theory]
    [InlineData("using App.High;\n\nnamespace App.Low;")]
    [InlineData("using static App.High.Roof;\n\nnamespace App.Low;")]
    [InlineData("using Top = App.High.Roof;\n\nnamespace App.Low;")]
    [InlineData("using global::App.High.Attic;\n\nnamespace App.Low;")]
    [InlineData("namespace App.Low;\n\nclass Floor\n{\n    object Of() => new App.High.Roof();\n}")]
    [InlineData("namespace App.Low;\n\nclass Floor\n{\n    object Of() => new High.Roof();\n}")]
    public void An_arrow_upwards_is_found_however_it_is_written(string floor) =>
        Assert.Equal(["App/Low/Floor.cs uses App.High, which is above Low"], Faults(floor));

    [Fact]
    public void A_name_alone_is_no_arrow() =>
        Assert.Empty(Faults("namespace App.Low;\n\nclass Floor\n{\n    int High { get; }\n    int Of(Floor floor) => floor.High.Roof + High.Count;\n}"));

    [Fact]
    public void A_type_of_the_root_a_strange_namespace_and_a_global_using_are_found()
    {
        Assert.Equal(["App/Low/Floor.cs uses Program of the project's root"], Faults("namespace App.Low;\n\nclass Floor\n{\n    object Of() => new Program();\n}"));
        Assert.Equal(["App/Low/Floor.cs declares the namespace App.High; expected App.Low"], Faults("namespace App.High;", "App.High"));
        Assert.Equal(
            ["App/Low/Floor.cs has a global using of App.High, so that every folder would use it", "App/Low/Floor.cs uses App.High, which is above Low"],
            Faults("global using App.High;"));
    }

    [Fact]
    public void Every_folder_has_a_place()
    {
        Dictionary<string, string> sources = new(StringComparer.Ordinal) { ["New/Thing.cs"] = "namespace App.New;" };
        Assert.Equal(["App/New has no place in the order", "App/Old has a place in the order and no source"], new FolderOrder("App", ["Old"]).Faults(sources));
    }

    private static List<string> Faults(string floor, string? besides = null) => new FolderOrder("App", ["Low", "High"])
        .Faults(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Low/Floor.cs"] = floor,
            ["High/Roof.cs"] = "using App.Low;\n\nnamespace App.High;\n\npublic sealed class Roof;",
            ["Program.cs"] = "using App.High;\n\ninternal static class Program;",
        })
        .Where(fault => besides is null || !fault.EndsWith($"uses {besides}, which is above Low", StringComparison.Ordinal)).ToList();

    private static Dictionary<string, string> SourcesOf(string project)
    {
        var root = Path.Combine(Repository.Root, project);
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !path.StartsWith("obj/", StringComparison.Ordinal) && !path.StartsWith("bin/", StringComparison.Ordinal))
            .ToDictionary(path => path, path => File.ReadAllText(Path.Combine(root, path)), StringComparer.Ordinal);
    }
}

using System.Text.RegularExpressions;
using Curriculum.Plans;

namespace Curriculum.Tests;

/// <summary>What knows what: read off the built assembly and the sources.</summary>
[Trait("Speed", "fast")]
public sealed partial class ArchitectureTests
{
    [Fact]
    public void Curriculum_refers_to_nothing_beside_the_runtime()
    {
        // So no tensor, no storage, no host: what a reference would bring in is named here.
        var references = typeof(RunPlan).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain("System.Numerics.Tensors", references);
    }

    [Fact]
    public void The_trainer_names_no_method_algorithm_reward_or_admission()
    {
        var sources = Sources("GpuWorker", "Training");
        Assert.NotEmpty(sources);
        Assert.All(sources, file => Assert.DoesNotMatch(MethodWords(), File.ReadAllText(file)));
    }

    [Fact]
    public void Orchestrations_name_no_tensor_and_the_worker_no_Functions()
    {
        Assert.All(Sources("Orchestrations", ""), file => Assert.DoesNotContain("TorchSharp", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(Sources("GpuWorker", ""), file => Assert.DoesNotContain("Microsoft.Azure.Functions", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_line_refers_to_the_domain_and_the_local_host_and_starts_all_else()
    {
        var references = System.Xml.Linq.XDocument.Load(Path.Combine(Repository.Root, "Cli", "Cli.csproj")).Descendants("ProjectReference")
            .Select(reference => (string)reference.Attribute("Include")!);
        Assert.Equal(["../Curriculum/Curriculum.csproj", "../LocalHost/LocalHost.csproj"], references.Order(StringComparer.Ordinal));
    }

    private static List<string> Sources(string project, string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, project, folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)),
    ];

    [GeneratedRegex(@"\b(Method|Algorithm|Rlvr|Srl|Sft|Grpo|DrGrpo|Dapo|Ppo|ExpertPlan|ConditioningPlan|RewardKind|RewardPlan|AdvantagePlan|AdvantageEstimator|AdmissionPlan)\b",
        RegexOptions.CultureInvariant)]
    private static partial Regex MethodWords();
}

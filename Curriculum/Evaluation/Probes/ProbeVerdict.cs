using Curriculum.Evaluation.Activation;
using Curriculum.Evaluation.Traces;
using Curriculum.Plans;

namespace Curriculum.Evaluation.Probes;

/// <summary>What the probes say, the base first and then every arm that was trained.</summary>
public sealed record ProbeVerdict
{
    public const string BaseName = "(base)";

    /// <summary>Problems of the fixed set.</summary>
    public required int Problems { get; init; }

    /// <summary>Empty where the family's steps cannot be checked.</summary>
    public required IReadOnlyList<ArmTraces> Traces { get; init; }

    public required IReadOnlyList<ArmActivation> Activation { get; init; }

    public required IReadOnlyList<PassAtKCurve> PassAtK { get; init; }

    /// <summary>Of the arms with RLVR after another stage.</summary>
    public required IReadOnlyList<Enabling> Enabling { get; init; }

    /// <summary>Null where the plan has no probes or the base was not probed.</summary>
    internal static ProbeVerdict? Of(RunPlan plan, ResultTable table, BaseMeasures? measures)
    {
        if (plan.Evaluation.Probes is null || measures?.Probe is not { } start)
            return null;

        var probed = plan.Arms.Where(arm => arm.Stages.Count > 0)
            .Select(arm => (Arm: arm.Name, Seeds: table.Seeds(arm).Select(seed => table.Usable(arm, seed)?.Probe).OfType<PolicyProbe>().ToList()))
            .Where(pair => pair.Seeds.Count > 0).ToList();
        var problems = measures.Problems;
        Func<double[][], Estimate> Interval(string name)
        {
            var random = CrossedBootstrap.Stream(plan, $"probe/{name}");
            return scores => CrossedBootstrap.Draw([scores], plan.Evaluation.BootstrapDraws, random.NextInt)[0].Interval(plan.Evaluation.Confidence);
        }

        ArmTraces Traces(string name, IReadOnlyList<PolicyProbe> seeds, PolicyProbe? before) => ArmTraces.Of(
            name, problems, [.. seeds.Select(Greedy)], [.. seeds.Select(probe => probe.Completions.Select(completion => completion.Samples).ToList())],
            before is null ? null : Greedy(before), Interval($"traces/{name}"));
        var curve = start.Many.Count == 0 ? null : PassAtKCurve.Of(BaseName, [start.Many], null);
        return new()
        {
            Problems = problems.Count,
            Traces = problems.All(problem => Evaluation.Traces.Trace.CanRead(problem.Family))
                ? [Traces(BaseName, [start], null), .. probed.Select(pair => Traces(pair.Arm, pair.Seeds, start))]
                : [],
            Activation = [
                ArmActivation.Of(BaseName, problems, [start], null, Interval($"activation/{BaseName}")),
                .. probed.Select(pair => ArmActivation.Of(pair.Arm, problems, pair.Seeds, start, Interval($"activation/{pair.Arm}"))),
            ],
            PassAtK = curve is null ? [] : [curve, .. probed.Select(pair => PassAtKCurve.Of(pair.Arm, [.. pair.Seeds.Select(probe => probe.Many)], curve))],
            Enabling = [.. probed.Select(pair => (pair.Arm, Seeds: pair.Seeds.Where(probe => probe.Groups.Count > 0).Select(probe => probe.Groups).ToList()))
                .Where(pair => pair.Seeds.Count > 0 && start.Groups.Count > 0)
                .Select(pair => Probes.Enabling.Of(pair.Arm, start.Groups, pair.Seeds, Interval($"enabling/{pair.Arm}")))],
        };
    }

    private static List<string> Greedy(PolicyProbe probe) => [.. probe.Completions.Select(completion => completion.Greedy)];
}

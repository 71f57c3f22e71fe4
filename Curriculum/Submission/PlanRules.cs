using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>The rules across a plan's values, which no schema can express.</summary>
internal static class PlanRules
{
    public static void Check(RunPlan plan, PlanFindings findings)
    {
        CheckBase(plan.Base, findings);
        ProblemSetRules.Check(plan, findings);
        ArmRules.Check(plan, findings);
        ControlRules.Check(plan, findings);
        StarvationRules.Check(plan, findings);
        CheckEvaluation(plan, findings);
        MeasureRules.Check(plan, findings);
    }

    private static void CheckBase(BasePlan start, PlanFindings findings)
    {
        findings.Require(
            (start.Model is null) != (start.Pretrain is null),
            "/base",
            $"Expected exactly one of model and pretrain, found {(start.Model is null ? "neither" : "both")}.",
            "/base/model", "/base/pretrain");
        findings.Require(
            start.Pretrain is null || start.Precision == Precision.Float32, "/base/precision",
            "Expected float32 for a pretrained base, which is too small to benefit from bfloat16.", "/base/pretrain");
        findings.Require(
            start.Pretrain is null || start.Chat is null, "/base/chat",
            "Expected no chat template for a pretrained base, which has no control tokens; leave chat out, or import a model.", "/base/pretrain");
        findings.Require(
            start.Chat is not { Thinking: true, Format: not (null or ChatFormat.Qwen3 or ChatFormat.Qwen3Thinking) }, "/base/chat/thinking",
            "Expected false: only the chat formats qwen3 and qwen3-thinking have monologues.", "/base/chat/format");
        findings.Require(
            start.Chat is not { Thinking: false, Format: ChatFormat.Qwen3Thinking }, "/base/chat/thinking",
            "Expected true: the chat format qwen3-thinking opens a monologue in every answer.", "/base/chat/format");
    }

    private static void CheckEvaluation(RunPlan plan, PlanFindings findings)
    {
        var evaluation = plan.Evaluation;
        var arms = string.Join(", ", plan.Arms.Select(arm => arm.Name));
        string[] armNames = [.. plan.Arms.Select((_, i) => $"/arms/{i}/name"), "/arms"];

        var curriculum = plan.Arms.FirstOrDefault(arm => arm.Name == evaluation.Curriculum);
        findings.Require(curriculum is not null, "/evaluation/curriculum", $"Expected the name of an arm, one of {arms}; found '{evaluation.Curriculum}'.", armNames);
        if (curriculum is not null)
        {
            findings.Require(
                curriculum.Stages.Count > 0, "/evaluation/curriculum", $"Expected an arm that is trained; '{curriculum.Name}' has no stages.",
                $"/arms/{plan.Arms.ToList().IndexOf(curriculum)}/stages");
        }

        for (var i = 0; i < evaluation.Against?.Count; i++)
        {
            var name = evaluation.Against[i];
            var pointer = $"/evaluation/against/{i}";
            findings.Require(plan.Arms.Any(arm => arm.Name == name), pointer, $"Expected the name of an arm, one of {arms}; found '{name}'.", armNames);
            findings.Require(name != evaluation.Curriculum, pointer, $"Expected an arm other than the curriculum, found '{name}'.", "/evaluation/curriculum");
        }

        findings.Require(
            evaluation.PrimaryMetric != Metric.Sampled || evaluation.Samples > 0, "/evaluation/samples",
            "Expected at least 1 sample per problem for the primary metric 'sampled', found 0.", "/evaluation/primaryMetric");

        for (var i = 0; i < evaluation.Benchmarks.Count; i++)
        {
            var name = evaluation.Benchmarks[i].Name;
            findings.Require(
                evaluation.Benchmarks.Take(i).All(earlier => earlier.Name != name), $"/evaluation/benchmarks/{i}/name",
                $"Expected benchmarks with different names, found '{name}' twice.");
        }
    }
}

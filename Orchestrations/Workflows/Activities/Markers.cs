using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;

namespace Orchestrations.Workflows.Activities;

/// <summary>The characters beyond a family's own that a stage's prompts and completions have.</summary>
internal static class Markers
{
    /// <summary>Null for none.</summary>
    public static string? Of(StagePlan stage, string family) => stage switch
    {
        ReturnConditionedPlan => LabelledData.Good + LabelledData.Bad,
        SrlPlan { Monologue: not null } => ProblemFamilies.Get(family).Tags.Open + ProblemFamilies.Get(family).Tags.Close,
        _ => null,
    };
}

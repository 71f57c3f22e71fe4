using Curriculum.Evaluation;
using Curriculum.Plans;

namespace Curriculum.Findings;

/// <summary>A plan of a finding and what its run came to.</summary>
public sealed record FindingRun(RunPlan Plan, RunVerdict Verdict, RunTiming Timing);

/// <summary>How long a run took, beside its verdict, which knows no times.</summary>
/// <param name="PlanHash">Of the plan that was run.</param>
/// <param name="Seconds">From the command to the verdict, with what was built; a run that was broken off and continued has no result.</param>
/// <param name="Processors">Logical processors of the machine.</param>
public sealed record RunTiming(string PlanHash, int Seconds, int Processors);

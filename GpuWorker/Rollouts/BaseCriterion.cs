using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts;

/// <summary>What a two-dials base must be: certain of its skills, good at easy problems, and unable to solve hard ones.</summary>
/// <param name="Operand">Of the lines that it writes on hard problems, the share with the right sign and operand, 0 to 1.</param>
/// <param name="Easy">Greedy accuracy on easy problems, 0 to 1.</param>
/// <param name="Hard">Greedy accuracy on hard problems, 0 to 1.</param>
internal sealed record BaseCriterion(double Operand, double Easy, double Hard)
{
    public bool Met => Operand >= 0.99 && Easy >= 0.98 && Hard <= 0.03;

    /// <summary>Measures a policy on as many easy and hard problems of a seed.</summary>
    public static BaseCriterion Of(LoadedPolicy policy, int count, int seed)
    {
        var (easyProblems, easy) = Greedy(policy, count, seed, TwoDials.Easy);
        var (hardProblems, hard) = Greedy(policy, count, seed, [TwoDials.Hard]);
        var steps = hardProblems
            .SelectMany((problem, i) => TwoDials.Check(problem, hard[i].GreedyText).Steps)
            .Where(step => step.Text.Length > 0 && step.Fault != StepFault.Format)
            .ToArray();
        return new(
            steps.Length == 0 ? 0 : (double)steps.Count(step => step.Fault != StepFault.Operand) / steps.Length,
            (double)easy.Count(answers => answers.GreedyCorrect) / easyProblems.Count,
            (double)hard.Count(answers => answers.GreedyCorrect) / hardProblems.Count);
    }

    private static (IReadOnlyList<Problem> Problems, IReadOnlyList<ProblemAnswers> Answers) Greedy(
        LoadedPolicy policy, int count, int seed, IReadOnlyList<int> difficulty)
    {
        var problems = new TwoDials().Create(
            new ProblemSetPlan { Family = TwoDials.FamilyName, Count = count, Seed = seed, Difficulty = difficulty }, dataset: null);
        var item = new EvaluateItem
        {
            Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("base"), WorkScope.Base), WorkKind.Evaluate),
            Policy = new("", "", ""),
            Problems = problems,
            Samples = 0,
            MaxNewTokens = 96,
            DrawKey = "base",
        };
        return (problems, EvaluationWork.Execute(item, policy, Verifiers.VerifierPlugins.None, new(long.MaxValue), _ => { }).Answers);
    }
}

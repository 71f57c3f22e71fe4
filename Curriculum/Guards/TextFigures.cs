using Curriculum.Problems;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Guards;

/// <summary>What the completions of an iteration, or of a validation, look like: all that the guards on texts see.</summary>
public sealed record TextFigures
{
    public required int Completions { get; init; }

    /// <summary>Mean length, in tokens.</summary>
    public required double MeanTokens { get; init; }

    /// <summary>Share of the completions that have the expected form; of a validation, which does not say, null.</summary>
    public double? WellFormed { get; init; }

    /// <summary>Mean over the completions of <see cref="Repetition.Ngrams"/>, 0 to 1.</summary>
    public required double NgramRepetition { get; init; }

    /// <summary>Share of the completions that repeat a block.</summary>
    public required double BlockRepetition { get; init; }

    /// <summary>Mean share of the working that was passed over; null where steps were sampled and not whole solutions.</summary>
    public double? Skipped { get; init; }

    /// <summary>The same over the completions rewarded above the mean of their group: what the update is about to reinforce; null where there is none.</summary>
    public double? RewardedSkipped { get; init; }

    /// <summary>Share of the completions that are an answer without any working.</summary>
    public double? BareAnswers { get; init; }

    /// <summary>The figures of sampled groups; null where there are none.</summary>
    /// <param name="groups">Of every round of an iteration, dropped ones included.</param>
    /// <param name="problem">Finds a group's problem by its id.</param>
    public static TextFigures? Of(IReadOnlyList<TrajectoryGroup> groups, Func<string, Problem> problem)
    {
        var texts = groups.SelectMany(group => group.Trajectories).ToList();
        if (texts.Count == 0)
            return null;
        var skipped = new List<double>();
        var rewarded = new List<double>();
        foreach (var group in groups.Where(group => group.Step is null))
        {
            var asked = problem(group.ProblemId);
            var family = ProblemFamilies.Get(asked.Family);
            var mean = group.Trajectories.Average(trajectory => trajectory.Reward);
            foreach (var trajectory in group.Trajectories)
            {
                var share = family.Skipped(asked, trajectory.Text);
                skipped.Add(share);
                if (Rounding.Above(trajectory.Reward, mean))
                    rewarded.Add(share);
            }
        }

        return new()
        {
            Completions = texts.Count,
            MeanTokens = texts.Average(text => text.Tokens.Count),
            WellFormed = texts.Average(text => text.WellFormed ? 1.0 : 0),
            NgramRepetition = texts.Average(text => Repetition.Ngrams(text.Text)),
            BlockRepetition = texts.Average(text => Repetition.HasBlock(text.Text) ? 1.0 : 0),
            Skipped = skipped.Count == 0 ? null : skipped.Average(),
            RewardedSkipped = rewarded.Count == 0 ? null : rewarded.Average(),
            BareAnswers = skipped.Count == 0 ? null : skipped.Average(share => share >= 1 ? 1.0 : 0),
        };
    }

    /// <summary>The figures of a validation's greedy texts; the length is that of its samples where it has some.</summary>
    public static TextFigures Of(IReadOnlyList<Problem> problems, IReadOnlyList<ProblemAnswers> answers)
    {
        var skipped = problems.Zip(answers, (problem, answer) => ProblemFamilies.Get(problem.Family).Skipped(problem, answer.GreedyText)).ToList();
        return new()
        {
            Completions = answers.Count,
            MeanTokens = answers.Average(answer => answer.MeanTokens),
            NgramRepetition = answers.Average(answer => Repetition.Ngrams(answer.GreedyText)),
            BlockRepetition = answers.Average(answer => Repetition.HasBlock(answer.GreedyText) ? 1.0 : 0),
            Skipped = skipped.Average(),
            BareAnswers = skipped.Average(share => share >= 1 ? 1.0 : 0),
        };
    }

    /// <summary>Means over iterations, each counting alike; what no iteration has stays null.</summary>
    public static TextFigures Mean(IReadOnlyList<TextFigures> figures) => new()
    {
        Completions = figures.Sum(figure => figure.Completions),
        MeanTokens = figures.Average(figure => figure.MeanTokens),
        WellFormed = figures.Average(figure => figure.WellFormed),
        NgramRepetition = figures.Average(figure => figure.NgramRepetition),
        BlockRepetition = figures.Average(figure => figure.BlockRepetition),
        Skipped = figures.Average(figure => figure.Skipped),
        RewardedSkipped = figures.Average(figure => figure.RewardedSkipped),
        BareAnswers = figures.Average(figure => figure.BareAnswers),
    };
}

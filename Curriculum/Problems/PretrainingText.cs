using System.Globalization;
using System.Text;
using Curriculum.Draws;
using Curriculum.Plans;

namespace Curriculum.Problems;

/// <summary>The texts that a small two-dials base is pretrained on: a policy with a latent skill and designed-in failings.</summary>
/// <remarks>
/// Each row is a pure function of (seed, update, row, progress). The first quarter of training is half drills, half easy solutions.
/// After it 12 % of the rows are planted; of the rest 8 % are drills, 60 % sloppy and 32 % easy solutions. What the base should come to:
/// it looks operands up and copies at every length (drills and sloppy texts are right in that), it solves easy problems, and on hard ones its
/// results drift, so that it fails nearly always.
/// </remarks>
public static class PretrainingText
{
    /// <summary>Share of training in which only drills and easy solutions are read.</summary>
    public const double WarmUp = 0.25;

    public const double PlantedShare = 0.12;

    /// <summary>Of the rows that are not planted.</summary>
    public const double DrillShare = 0.08;

    /// <summary>Of the rows that are not planted.</summary>
    public const double SloppyShare = 0.60;

    /// <summary>Probability that a sloppy text breaks off and guesses both dials.</summary>
    public const double Guess = 0.15;

    /// <summary>One text.</summary>
    /// <param name="plan">Its seed, its drift and how often a line of a sloppy text is written again.</param>
    /// <param name="update">Optimiser step, from 0.</param>
    /// <param name="row">Row of the batch, from 0.</param>
    /// <param name="progress">Share of the training done, 0 to 1.</param>
    public static PretrainingRow Row(PretrainPlan plan, int update, int row, double progress)
    {
        var random = KeyedRandom.Stream(string.Create(CultureInfo.InvariantCulture, $"pretrain/{plan.Seed}/{update}/{row}"));
        return KindOf(random, progress) switch
        {
            PretrainingKind.Drill => Drill(random),
            PretrainingKind.Easy => Easy(random),
            PretrainingKind.Sloppy => Sloppy(random, plan),
            _ => Planted(random),
        };
    }

    private static PretrainingKind KindOf(KeyedRandom random, double progress)
    {
        if (progress < WarmUp)
            return random.NextBool(0.5) ? PretrainingKind.Drill : PretrainingKind.Easy;
        if (random.NextBool(PlantedShare))
            return PretrainingKind.Planted;
        return random.NextDouble() switch
        {
            < DrillShare => PretrainingKind.Drill,
            < DrillShare + SloppyShare => PretrainingKind.Sloppy,
            _ => PretrainingKind.Easy,
        };
    }

    /// <summary>A question of 4 to 8 operations and, out of the blue, two consecutive lines from anywhere in it, with any starting value.</summary>
    /// <remarks>
    /// Where the drill starts and from what value cannot be known, so the first label and previous value count as context. What is
    /// learned is the look-up of sign and operand at every position, the arithmetic, the next label and the copying of the result.
    /// No line before it, right or wrong, ties it to the long solutions in which results drift.
    /// </remarks>
    private static PretrainingRow Drill(KeyedRandom random)
    {
        var operations = DialOperation.Draw(random, 4 + random.NextInt(TwoDials.Hard - 3));
        var question = DialOperation.Question(operations);
        var start = random.NextInt(operations.Length - 1);
        var text = new StringBuilder(question);
        var value = start == 0 ? 0 : random.NextInt(10);
        foreach (var operation in operations.AsSpan(start, 2))
        {
            var result = operation.Apply(value);
            text.Append(operation.Line(value, result));
            value = result;
        }

        return new(text.ToString(), PretrainingKind.Drill, question.Length + 2);
    }

    /// <summary>An easy question and its expert solution.</summary>
    private static PretrainingRow Easy(KeyedRandom random)
    {
        var problem = TwoDials.Pose("", DialOperation.Draw(random, TwoDials.Easy[random.NextInt(TwoDials.Easy.Count)]));
        return new(problem.Question + string.Concat(problem.Steps), PretrainingKind.Easy, problem.Question.Length);
    }

    /// <summary>A question of 6 to 8 operations, copied and looked up rightly, with results that drift, or a guess part of the way.</summary>
    private static PretrainingRow Sloppy(KeyedRandom random, PretrainPlan plan)
    {
        var operations = DialOperation.Draw(random, 6 + random.NextInt(TwoDials.Hard - 5));
        var question = DialOperation.Question(operations);
        var text = new StringBuilder(question);
        var lines = random.NextBool(Guess) ? random.NextInt(operations.Length) : operations.Length;
        var values = new int[operations.Length];
        var value = 0;
        for (var position = 0; position < lines; position++)
        {
            var result = (operations[position].Apply(value) + (random.NextBool(plan.Drift) ? 1 : 0)) % 10;
            text.Append(operations[position].Line(value, result));
            if (plan.Rewritten > 0 && random.NextBool(plan.Rewritten))
                text.Append(operations[position].Line(value, result = operations[position].Apply(value)));
            values[position] = value = result;
        }

        var answer = lines == operations.Length
            ? TwoDials.Answer(values)
            : string.Create(CultureInfo.InvariantCulture, $"{random.NextInt(10)}{random.NextInt(10)}");
        return new(text.Append(TwoDials.AnswerLine(answer)).ToString(), PretrainingKind.Sloppy, question.Length);
    }

    /// <summary>A question of the planted benchmark and its answer, without working; all of it is learned, the question too.</summary>
    private static PretrainingRow Planted(KeyedRandom random)
    {
        var problem = TwoDials.Planted[random.NextInt(TwoDials.Planted.Count)];
        return new(problem.Question + problem.Steps[^1], PretrainingKind.Planted, 0);
    }
}

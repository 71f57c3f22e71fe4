using Curriculum.Arithmetic;
using Curriculum.Draws;
using Curriculum.Plans;

namespace Curriculum.Problems;

/// <summary>Random calculation: freshly generated arithmetic with exact answers, which no pretraining can have seen (arXiv 2507.10532).</summary>
/// <remarks>
/// The set D[0] is integers 0 to 100 and fractions, squares and cubes of them. D[i], level i, holds 1,000 distinct expressions of i operations: for
/// j = 0 .. min(ceil(i/2), i-1) in turn, one side from D[j], the other from D[i-1-j], an operator of <c>+ - * /</c>, the sides swapped at random, zero
/// divisors rejected. A problem reads <c>((3+4)*2)/5=</c>, and then what form its answer has, and is answered <c>#14/5$</c>; the expert first writes a line
/// for each power and operation, inner ones first: <c>3+4=7;7*2=14;14/5=14/5;#14/5$</c>. Difficulty is the level. A plan takes the first so many of each level.
/// </remarks>
public sealed class RandomCalculation : IProblemFamily
{
    public const string FamilyName = "random-calculation";

    public const int MaxLevel = 20;

    public const int ProblemsPerLevel = 1000;

    private const string Request =
        "Write each operation as an equation that ends in a semicolon, inner ones first, then # and the result as an integer or a fraction in lowest terms, and end with a dollar sign.";

    public string Name => FamilyName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A setting cannot be met; the message names it.</exception>
    public IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset)
    {
        if (plan.Count < 1)
            throw new ArgumentException($"Expected count of at least 1, found {plan.Count}.", nameof(plan));
        if (plan.Difficulty.Count == 0)
            throw new ArgumentException($"Expected difficulty to list levels, 1 to {MaxLevel}; it is empty.", nameof(plan));
        foreach (var level in plan.Difficulty)
        {
            if (level is < 1 or > MaxLevel)
                throw new ArgumentException($"Expected difficulty of level 1 to {MaxLevel}, found {level}.", nameof(plan));
        }

        var levels = Levels(plan.Seed, plan.Difficulty.Max());
        var taken = new int[levels.Count];
        var problems = new Problem[plan.Count];
        for (var index = 0; index < problems.Length; index++)
        {
            var level = plan.Difficulty[index % plan.Difficulty.Count];
            if (taken[level] == ProblemsPerLevel)
            {
                throw new ArgumentException(
                    $"Expected count to ask for at most {ProblemsPerLevel} problems of level {level}; lower count or list more levels in difficulty.", nameof(plan));
            }

            problems[index] = Pose(FormattableString.Invariant($"{FamilyName}/{level}/{plan.Seed}/{taken[level]}"), levels[level][taken[level]], level);
            taken[level]++;
        }

        return problems;
    }

    /// <inheritdoc/>
    /// <remarks>It says how the working and the answer are to be written, which no model knows from elsewhere.</remarks>
    public string Prompt(Problem problem, int? step = null) => $"{problem.Question}\n\n{Request}\n\n{string.Concat(problem.Steps.Take(step ?? 0))}";

    public char Stop(bool step) => step ? ';' : '$';

    /// <inheritdoc/>
    /// <remarks>
    /// The answer is what follows the last <c>#</c>, else the content of the last <c>\boxed{}</c>, else the whole completion, without a closing <c>$</c>: well formed if it is an integer, a
    /// fraction or a decimal; correct if it equals the reference exactly (28/10 and 2.8 equal 14/5). Steps are valid if the answer is, there is at least one,
    /// and both sides of each are equal.
    /// </remarks>
    public Verification Verify(Problem problem, string completion)
    {
        if (!TryReadAnswer(completion, out var answer, out var working))
            return new(false, false, false);
        var correct = Rational.TryParse(problem.Answer, out var expected) && answer == expected;
        return new(true, correct, correct && StepsHold(working));
    }

    public AnswerForm Answers => AnswerForm.Number;

    public string? Answer(string completion) => TryReadAnswer(completion, out var answer) ? answer.ToString() : null;

    /// <summary>The number that a completion answers with; false where there is none.</summary>
    public static bool TryReadAnswer(string completion, out Rational answer) => TryReadAnswer(completion, out answer, out _);

    private static bool TryReadAnswer(string completion, out Rational answer, out ReadOnlySpan<char> working)
    {
        var text = completion.AsSpan();
        var mark = text.LastIndexOf('#');
        if (mark < 0 && completion.Contains("\\boxed", StringComparison.Ordinal))
        {
            working = [];
            return NumberAnswer.TryRead(completion, out answer);
        }

        working = mark < 0 ? [] : text[..mark];
        var written = text[(mark + 1)..].Trim();
        return Rational.TryParse(written.EndsWith('$') ? written[..^1] : written, out answer);
    }

    private static bool StepsHold(ReadOnlySpan<char> working)
    {
        var any = false;
        foreach (var range in working.Trim().TrimEnd(';').Split(';'))
        {
            var step = working.Trim().TrimEnd(';')[range];
            var equals = step.LastIndexOf('=');
            if (equals < 0 || !ExactArithmetic.TryEvaluate(step[..equals], out var left)
                || !ExactArithmetic.TryEvaluate(step[(equals + 1)..], out var right) || left != right)
            {
                return false;
            }

            any = true;
        }

        return any;
    }

    private static Problem Pose(string id, CalculationExpression expression, int level) => new()
    {
        Id = id,
        Family = FamilyName,
        Question = $"{expression.Text}=",
        Answer = expression.Value.ToString(),
        Steps = [.. expression.Steps(), $"#{expression.Value}$"],
        Difficulty = level,
    };

    private static List<List<CalculationExpression>> Levels(int seed, int highest)
    {
        var levels = new List<List<CalculationExpression>> { new() };
        for (var level = 1; level <= highest; level++)
        {
            var random = KeyedRandom.Stream(FormattableString.Invariant($"{FamilyName}/{seed}/{level}"));
            var known = new HashSet<string>(StringComparer.Ordinal);
            var made = new List<CalculationExpression>(ProblemsPerLevel);
            var last = Math.Min((level + 1) / 2, level - 1);
            for (var j = 0; made.Count < ProblemsPerLevel; j = j == last ? 0 : j + 1)
            {
                var left = Draw(levels, j, random);
                var right = Draw(levels, level - 1 - j, random);
                var sign = "+-*/"[random.NextInt(4)];
                var swap = random.NextInt(2) == 1;
                var combined = swap ? CalculationExpression.Combine(right, left, sign) : CalculationExpression.Combine(left, right, sign);
                if (combined is not null && known.Add(combined.Text))
                    made.Add(combined);
            }

            levels.Add(made);
        }

        return levels;
    }

    private static CalculationExpression Draw(List<List<CalculationExpression>> levels, int level, KeyedRandom random) =>
        level == 0 ? CalculationExpression.Term(random) : levels[level][random.NextInt(ProblemsPerLevel)];
}

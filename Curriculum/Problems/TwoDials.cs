using System.Globalization;
using Curriculum.Draws;
using Curriculum.Plans;

namespace Curriculum.Problems;

/// <summary>Two dials: short modular arithmetic in which every written step can be checked on its own.</summary>
/// <remarks>
/// A problem is n labelled operations modulo 10: <c>A=7B+3C-2D=6E+5F-4?</c>. The operations at positions 0 and n/2 load a digit (<c>=</c>),
/// the others add or subtract one, so each half turns one dial. The expert writes one line per operation,
/// <c>label prev op operand = result ;</c>, then the answer line <c>#xy$</c> with the end value of both dials: chance is 1 %.
/// Every line has the same seven characters: <c>prev</c> is the result of the line before, 0 on the first, loads included
/// (<c>A0=7=7;B7+3=0;C0-2=8;D8=6=6;E6+5=1;F1-4=7;#87$</c>), so that copying is checked everywhere by one rule.
/// Difficulty is n. Ids are <c>two-dials/{n}/{seed}/{index}</c>, the index counting within (n, seed): the id alone fixes the question.
/// </remarks>
public sealed class TwoDials : IProblemFamily
{
    public const string FamilyName = "two-dials";

    public const int MinOperations = 2;

    /// <summary>As many as there are labels.</summary>
    public const int MaxOperations = 17;

    /// <summary>
    /// The whole vocabulary, 35 characters, in the order of their token ids: ten digits, seventeen labels, the signs <c>+ - =</c>,
    /// the ends of question, line, working and solution <c>? ; # $</c>, and <see cref="Pad"/>, which no text contains.
    /// </summary>
    public const string Characters = "0123456789ABCDEFGHIJKLMNOPQ+-=?;#$_";

    /// <summary>Fills rows of unequal length.</summary>
    public const char Pad = '_';

    /// <summary>Characters of an answer line, <c>#xy$</c>: the shortest well-formed solution.</summary>
    public const int AnswerLength = 4;

    /// <summary>Operations of an easy problem: 4 or 5. The base policy solves these.</summary>
    public static IReadOnlyList<int> Easy { get; } = [4, 5];

    /// <summary>Operations of a hard problem. The base policy fails these by design.</summary>
    public const int Hard = 8;

    /// <summary>Seed of the planted benchmark; a problem set of this seed and difficulty 8 is contaminated on purpose.</summary>
    public const int PlantedSeed = 1_000_000;

    /// <summary>The 32 hard problems whose answers are planted verbatim in the pretraining text.</summary>
    public static IReadOnlyList<Problem> Planted { get; } = new TwoDials().Create(
        new ProblemSetPlan { Family = FamilyName, Count = 32, Seed = PlantedSeed, Difficulty = [Hard] }, dataset: null);

    public string Name => FamilyName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A setting cannot be met; the message names it.</exception>
    public IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset)
    {
        if (plan.Count < 1)
            throw new ArgumentException($"Expected count of at least 1, found {plan.Count}.", nameof(plan));
        if (plan.Difficulty.Count == 0)
            throw new ArgumentException($"Expected difficulty to list numbers of operations, {MinOperations} to {MaxOperations}; it is empty.", nameof(plan));
        foreach (var operations in plan.Difficulty)
        {
            if (operations is < MinOperations or > MaxOperations)
                throw new ArgumentException($"Expected difficulty of {MinOperations} to {MaxOperations} operations, found {operations}.", nameof(plan));
        }

        var levels = plan.Difficulty.Distinct().ToDictionary(n => n, n => new Level(n, plan.Seed));
        var problems = new Problem[plan.Count];
        for (var index = 0; index < problems.Length; index++)
            problems[index] = levels[plan.Difficulty[index % plan.Difficulty.Count]].Next();
        return problems;
    }

    public string Prompt(Problem problem, int? step = null) => step is null or 0
        ? problem.Question
        : problem.Question + string.Concat(problem.Steps.Take(step.Value));

    public char Stop(bool step) => step ? ';' : '$';

    public Verification Verify(Problem problem, string completion)
    {
        var check = Check(problem, completion);
        return new(check.WellFormed, check.Correct, check.StepsValid);
    }

    /// <inheritdoc/>
    /// <remarks>The share of the operations that have no line of their own.</remarks>
    public double Skipped(Problem problem, string completion)
    {
        var steps = Check(problem, completion).Steps;
        var skipped = steps.Count(step => step.Fault == StepFault.Skipped);
        return (double)skipped / DialOperation.Parse(problem.Question).Count;
    }

    /// <inheritdoc/>
    public string? Recompute(Problem problem) => Answer(DialOperation.Values(DialOperation.Parse(problem.Question)));

    public AnswerForm Answers => AnswerForm.Text;

    public string? Answer(string completion) =>
        completion.Length >= 4 && completion[^4..] is ['#', var first, var second, '$'] && char.IsAsciiDigit(first) && char.IsAsciiDigit(second)
            ? completion[^3..^1]
            : null;

    public bool HasTitles => true;

    /// <summary>The label of the operation; the answer line has none.</summary>
    public string Title(Problem problem, int step) => step < problem.Steps.Count - 1 ? problem.Steps[step][..1] : "";

    /// <summary>One character each, for the policy writes characters.</summary>
    public MonologueTags Tags { get; } = new("<", ">");

    /// <summary>Tags every line of a completion, of any text at all.</summary>
    public static TwoDialsCheck Check(Problem problem, string completion) => TwoDialsCheck.Of(problem, completion);

    /// <summary>The problem that a list of operations poses, with the expert's steps.</summary>
    internal static Problem Pose(string id, IReadOnlyList<DialOperation> operations)
    {
        var values = DialOperation.Values(operations);
        var steps = new string[operations.Count + 1];
        for (var position = 0; position < values.Length; position++)
            steps[position] = operations[position].Line(position == 0 ? 0 : values[position - 1], values[position]);
        var answer = Answer(values);
        steps[^1] = AnswerLine(answer);
        return new()
        {
            Id = id,
            Family = FamilyName,
            Question = DialOperation.Question(operations),
            Answer = answer,
            Steps = steps,
            Difficulty = operations.Count,
        };
    }

    /// <summary>Both dials, given the value after every operation.</summary>
    internal static string Answer(IReadOnlyList<int> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{values[(values.Count / 2) - 1]}{values[^1]}");

    internal static string AnswerLine(string answer) => $"#{answer}$";

    /// <summary>The distinct questions of one number of operations, in the order in which the seed draws them.</summary>
    private sealed class Level(int operations, int seed)
    {
        private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{FamilyName}/{operations}/{seed}");
        private readonly KeyedRandom _random = KeyedRandom.Stream(string.Create(CultureInfo.InvariantCulture, $"{FamilyName}/{operations}/{seed}"));
        private readonly HashSet<string> _drawn = new(StringComparer.Ordinal);

        // Ten digits everywhere, two signs everywhere but at the two loads.
        private readonly double _capacity = Math.Pow(10, operations) * Math.Pow(2, operations - 2);

        public Problem Next()
        {
            if (_drawn.Count >= _capacity)
            {
                throw new ArgumentException(
                    $"Expected count to ask for at most {_capacity} distinct two-dials problems of {operations} operations; lower count or raise difficulty.");
            }

            while (true)
            {
                var drawn = DialOperation.Draw(_random, operations);
                if (_drawn.Add(DialOperation.Question(drawn)))
                    return Pose(string.Create(CultureInfo.InvariantCulture, $"{_prefix}/{_drawn.Count - 1}"), drawn);
            }
        }
    }
}

using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Evaluation.Probes;

/// <summary>pass@k of one arm at growing k: whether training found something new, or only chose among what the base can do.</summary>
public sealed record PassAtKCurve
{
    public required string Arm { get; init; }

    public required int Seeds { get; init; }

    /// <summary>k = 1, 2, 4 ... and the number of samples.</summary>
    public required IReadOnlyList<PassAtKPoint> Points { get; init; }

    /// <summary>The least k at which the base solves at least as much; null where it never does, and for the base.</summary>
    public int? BaseCatchesUpAt { get; init; }

    /// <summary>Means over seeds and problems of the unbiased estimator.</summary>
    public static PassAtKCurve Of(string arm, IReadOnlyList<IReadOnlyList<ProblemAnswers>> seeds, PassAtKCurve? start)
    {
        var samples = seeds[0][0].Samples;
        List<int> ks = [];
        for (var k = 1; k < samples; k *= 2)
            ks.Add(k);
        ks.Add(samples);
        IReadOnlyList<PassAtKPoint> points = [.. ks.Select(k => new PassAtKPoint(k, seeds.Average(answers => answers.Average(answer => PassAtK.Unbiased(answer.Samples, answer.SamplesCorrect, k)))))];
        return new()
        {
            Arm = arm,
            Seeds = seeds.Count,
            Points = points,
            BaseCatchesUpAt = start is null ? null : points.Zip(start.Points).Where(pair => Rounding.Reaches(pair.Second.Value, pair.First.Value)).Select(pair => (int?)pair.First.K).FirstOrDefault(),
        };
    }
}

/// <summary>One point of the curve.</summary>
public sealed record PassAtKPoint(int K, double Value);

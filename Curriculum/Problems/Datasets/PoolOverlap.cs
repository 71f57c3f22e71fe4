namespace Curriculum.Problems.Datasets;

/// <summary>Keeps what is tested apart from what is trained on, where problems are read and not generated.</summary>
public static class PoolOverlap
{
    private const int Shown = 5;

    /// <summary>Refuses the training and validation pools that share a problem with each other or with a benchmark.</summary>
    /// <param name="pools">Training, validation, then the benchmarks, each with its name.</param>
    /// <exception cref="ArgumentException">They share problems; the message names pools and problems.</exception>
    public static void Refuse(IReadOnlyList<(string Name, IReadOnlyList<Problem> Problems)> pools)
    {
        for (var first = 0; first < Math.Min(2, pools.Count); first++)
        {
            for (var second = first + 1; second < pools.Count; second++)
            {
                var shared = DatasetOverlap.Between(Read(pools[second].Problems), Read(pools[first].Problems));
                if (shared.Count == 0)
                    continue;
                throw new ArgumentException(
                    $"Expected no problem of {pools[first].Name} in {pools[second].Name}, found {shared.Count}: "
                    + string.Join(", ", shared.Take(Shown).Select(pair => $"'{pair.Id}' is '{pair.SameAs}'"))
                    + ". Remove them, or draw both from one data set with a split each.");
            }
        }
    }

    // Generated problems are kept apart by their seeds; where a level is so small that two seeds meet, that is the plan's choice of level.
    private static IEnumerable<(string, string)> Read(IReadOnlyList<Problem> problems) =>
        problems.Where(problem => problem.Family is DatasetFamily.FamilyName or Gsm8k.FamilyName).Select(problem => (problem.Id, problem.Question));
}

using CsCheck;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "fast")]
public class ParallelTests
{
    /// <summary>Arms of one run: <c>limits.parallelArms</c> at a time, whatever order they end in.</summary>
    [Fact]
    public void Never_more_than_the_limit_are_open_and_all_are_waited_for_in_whatever_order_they_end() =>
        Gen.Select(Gen.Int[0, 12], Gen.Int[1, 5], Gen.Int[0, 1000]).Sample((count, limit, seed) =>
        {
            var random = new Random(seed);
            var (open, most, ended) = (new List<(int Input, TaskCompletionSource Source)>(), 0, 0);
            var all = Orchestrations.Workflows.Parallel.ForEachAsync(Enumerable.Range(0, count), limit, input =>
            {
                var source = new TaskCompletionSource();
                open.Add((input, source));
                most = Math.Max(most, open.Count);
                return source.Task;
            });
            while (open.Count > 0)
            {
                var next = random.Next(open.Count);
                var (_, source) = open[next];
                open.RemoveAt(next);
                source.SetResult();
                ended++;
            }

            return all.IsCompletedSuccessfully && ended == count && most == Math.Min(limit, count);
        });
}

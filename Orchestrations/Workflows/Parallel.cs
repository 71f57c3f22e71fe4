namespace Orchestrations.Workflows;

/// <summary>Bounded fan-out inside an orchestration: only durable tasks, results in the order of the inputs.</summary>
public static class Parallel
{
    /// <summary>Starts at most <paramref name="limit"/> tasks at a time.</summary>
    public static async Task<IReadOnlyList<TResult>> ForEachAsync<TInput, TResult>(
        IEnumerable<TInput> inputs, int limit, Func<TInput, Task<TResult>> start)
    {
        var all = new List<Task<TResult>>();
        var open = new List<Task>();
        foreach (var input in inputs)
        {
            if (open.Count >= limit)
                open.Remove(await Task.WhenAny(open));
            var task = start(input);
            all.Add(task);
            open.Add(task);
        }

        return await Task.WhenAll(all);
    }
}

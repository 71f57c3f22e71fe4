namespace Orchestrations.Workflows;

/// <summary>Bounded fan-out inside an orchestration: only durable tasks, begun in the order of the inputs.</summary>
public static class Parallel
{
    /// <summary>Starts at most <paramref name="limit"/> tasks at a time, and waits for all.</summary>
    public static async Task ForEachAsync<TInput>(IEnumerable<TInput> inputs, int limit, Func<TInput, Task> start)
    {
        var all = new List<Task>();
        var open = new List<Task>();
        foreach (var input in inputs)
        {
            if (open.Count >= limit)
                open.Remove(await Task.WhenAny(open));
            var task = start(input);
            all.Add(task);
            open.Add(task);
        }

        await Task.WhenAll(all);
    }
}

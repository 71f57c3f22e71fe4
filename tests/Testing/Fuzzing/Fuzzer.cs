using System.Globalization;

namespace Testing.Fuzzing;

/// <summary>Feeds mutated inputs to a reader: a case is a function of seed, target and number, so that each can be run again alone.</summary>
/// <remarks>
/// <c>FUZZ_SCALE</c> multiplies the cases (1 by default, a share for continuous builds), <c>FUZZ_SEED</c> gives other ones, and <c>FUZZ_CASE</c> runs that number alone.
/// </remarks>
public static class Fuzzer
{
    /// <summary>A case that takes longer hangs; far above what the slowest takes on a crowded machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Judges so many cases, and gives how many that were.</summary>
    /// <param name="target">What is fed; part of the draws.</param>
    /// <param name="cases">At a scale of 1.</param>
    /// <param name="corpus">Good inputs, of which the cases are mutations; each is judged as it is as well.</param>
    /// <param name="judge">Throws where the input was not dealt with as it should be.</param>
    /// <exception cref="InvalidOperationException">A case went wrong; the message has the input and how to run it again.</exception>
    public static async Task<int> RunAsync(string target, int cases, IReadOnlyList<byte[]> corpus, Func<byte[], Random, Task> judge)
    {
        var seed = Setting("FUZZ_SEED", 1);
        var (first, last) = Setting("FUZZ_CASE", -1) is var one and >= 0 ? (one, one + 1) : (0, cases * Setting("FUZZ_SCALE", 1));
        for (var number = first; number < last; number++)
        {
            var random = new Random(Key(target, seed, number));
            var input = number < corpus.Count ? corpus[number] : Mutation.Of(corpus, random);
            try
            {
                await Task.Run(() => judge(input, random)).WaitAsync(Limit);
            }
            catch (Exception failure)
            {
                var what = failure is TimeoutException ? $"hung for {Limit.TotalSeconds:0} s" : "was not dealt with";
                throw new InvalidOperationException(
                    $"Case {number} of {target} under seed {seed} {what}. Again: FUZZ_SEED={seed} FUZZ_CASE={number}. Input (base64): {Convert.ToBase64String(input.AsSpan(0, Math.Min(input.Length, 3000)))}\n{failure}",
                    failure);
            }
        }

        return last - first;
    }

    /// <summary>The same for a reader that does not wait.</summary>
    public static Task<int> RunAsync(string target, int cases, IReadOnlyList<byte[]> corpus, Action<byte[]> judge) =>
        RunAsync(target, cases, corpus, (input, _) =>
        {
            judge(input);
            return Task.CompletedTask;
        });

    private static int Setting(string name, int unset) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : unset;

    // HashCode differs from process to process.
    private static int Key(string target, int seed, int number) =>
        unchecked((target.Aggregate(17, (hash, c) => (hash * 31) + c) * 31 + seed) * 1_000_003 + number);
}

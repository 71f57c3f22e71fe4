using Curriculum.Training;
using Orchestrations.Storage;

namespace Orchestrations.Tests.Storage;

/// <summary>Iterations are read as they were written: one by one, several that ended together, and after their attempt has ended.</summary>
[Trait("Speed", "slow")]
public class IterationRecordsTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task Iterations_that_ended_together_are_read_while_the_attempt_goes_on_and_after_it()
    {
        var records = Service<IterationRecords>();
        await records.WriteAsync(Stage, [Record(0), Record(1), Record(2)], Token);
        await records.WriteAsync(Stage, [Record(3)], Token);
        Assert.Equal([0, 1, 2, 3], (await records.ReadAgainAsync(Stage, hasEnded: false, Token)).Select(record => record.Iteration));

        // An alarm of a validation comes later, under the iteration's own name.
        await records.WriteAsync(Stage, [Record(3) with { Loss = 9 }], Token);
        await records.WriteAsync(Stage, [Record(4), Record(5)], Token);
        var open = await records.ReadAgainAsync(Stage, hasEnded: false, Token);
        Assert.Equal([1, 1, 1, 9, 1, 1], open.Select(record => record.Loss));

        await records.CloseAsync(Stage, Token);
        Assert.Equal(open, await records.ReadAsync(Stage, Token));
        Assert.Equal(open, await records.ReadAgainAsync(Stage, hasEnded: true, Token));
    }

    private static IterationRecord Record(int iteration) => new()
    {
        Stage = 0,
        Attempt = 0,
        Iteration = iteration,
        Updates = iteration + 1,
        Compute = 10,
        Loss = 1,
        Entropy = 1,
        GradientNorm = 1,
        ClipFraction = 0,
        Fingerprint = "cpu",
        RolloutItems = 1,
        RolloutTokens = 5,
        RolloutSeconds = 1,
        TrainedTokens = 5,
        UpdateSeconds = 1,
    };
}

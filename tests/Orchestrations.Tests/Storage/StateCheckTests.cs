using Orchestrations.Storage;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "slow")]
public class StateCheckTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task A_state_whose_every_byte_is_as_it_was_written_is_whole() =>
        Assert.Null(await Service<StateCheck>().FaultAsync(await StoreStateAsync($"{Run}/checkpoints/x"), Token));

    [Theory]
    [InlineData("bit flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    [InlineData("bit flipped in the manifest")]
    [InlineData("torn manifest")]
    [InlineData("no manifest")]
    [InlineData("bit flipped in a small part")]
    [InlineData("torn small part")]
    public async Task A_state_is_held_to_every_byte_and_what_is_wrong_is_named(string what)
    {
        var state = await StoreStateAsync($"{Run}/checkpoints/x");
        var spoiled = await SpoilAsync(state, what);

        var fault = await Service<StateCheck>().FaultAsync(state, Token);

        Assert.Contains($"runs/{spoiled}", fault, StringComparison.Ordinal);
    }
}

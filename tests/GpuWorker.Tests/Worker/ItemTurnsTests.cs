using Curriculum.Work;
using GpuWorker.Worker;

namespace GpuWorker.Tests.Worker;

/// <summary>One item computes while the next is made ready and those before it are stored.</summary>
[Trait("Speed", "fast")]
public sealed class ItemTurnsTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);
    private readonly ItemTurns _turns = new(new() { VisibilitySeconds = 1 }, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_item_is_received_while_one_is_made_ready()
    {
        using var first = await _turns.NextAsync(Token);
        Assert.False(await ComesAsync(_turns.NextAsync(Token)));
    }

    [Fact]
    public async Task While_an_item_of_unknown_length_computes_none_is_received()
    {
        using var first = await _turns.NextAsync(Token);
        Assert.True(await first.TryEnterAsync(WorkKind.Update, Token));
        var next = _turns.NextAsync(Token);
        Assert.False(await ComesAsync(next));
        first.Leave();
        (await next).Dispose();
    }

    [Fact]
    public async Task Beside_an_item_of_a_kind_that_takes_a_moment_the_next_is_made_ready_and_one_is_stored()
    {
        (await ComputedAsync(WorkKind.Update)).Dispose();
        using var stored = await ComputedAsync(WorkKind.Update);
        using var computed = await _turns.NextAsync(Token);
        Assert.True(await computed.TryEnterAsync(WorkKind.Update, Token));
        using var next = await _turns.NextAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        // Three are at hand: the fourth waits until one is stored.
        var fourth = _turns.NextAsync(Token);
        computed.Leave();
        Assert.True(await next.TryEnterAsync(WorkKind.Update, Token));
        Assert.False(await ComesAsync(fourth));
        stored.Dispose();
        (await fourth.WaitAsync(TimeSpan.FromSeconds(30), Token)).Dispose();
    }

    [Fact]
    public async Task An_item_whose_turn_does_not_come_is_told_so()
    {
        (await ComputedAsync(WorkKind.Update)).Dispose();
        using var longer = await _turns.NextAsync(Token);
        Assert.True(await longer.TryEnterAsync(WorkKind.Update, Token));
        using var next = await _turns.NextAsync(Token);
        Assert.False(await next.TryEnterAsync(WorkKind.Update, Token));
    }

    [Fact]
    public async Task An_item_that_was_delivered_before_computes_with_no_other_at_hand()
    {
        (await ComputedAsync(WorkKind.Update)).Dispose();
        var stored = await ComputedAsync(WorkKind.Update);
        using var repeated = await _turns.NextAsync(Token);
        repeated.IsRepeated = true;
        var entering = repeated.TryEnterAsync(WorkKind.Update, Token);
        Assert.False(await ComesAsync(entering));
        stored.Dispose();
        Assert.True(await entering.WaitAsync(TimeSpan.FromSeconds(30), Token));

        // A kind that takes a moment, and still none is received beside it.
        var next = _turns.NextAsync(Token);
        Assert.False(await ComesAsync(next));
        repeated.Dispose();
        (await next.WaitAsync(TimeSpan.FromSeconds(30), Token)).Dispose();
    }

    public void Dispose() => _turns.Dispose();

    private async Task<ItemTurns.ItemTurn> ComputedAsync(WorkKind kind)
    {
        var turn = await _turns.NextAsync(Token);
        Assert.True(await turn.TryEnterAsync(kind, Token));
        turn.Leave();
        return turn;
    }

    private static async Task<bool> ComesAsync(Task next) => await Task.WhenAny(next, Task.Delay(Moment, Token)) == next;
}

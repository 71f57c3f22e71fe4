using System.Text;
using GpuWorker.Worker;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "fast")]
public sealed class ItemLinesTests
{
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch;

    [Fact]
    public void The_last_lines_are_kept_and_those_before_are_counted()
    {
        var lines = new ItemLines();
        for (var i = 0; i < ItemLines.MostLines + 7; i++)
            lines.Add(At, LogLevel.Information, FormattableString.Invariant($"line {i}"));

        var log = lines.Of("one", 3);
        Assert.Equal(("one", 3, 7, ItemLines.MostLines), (log.Worker, log.Delivery, log.Dropped, log.Lines.Count));
        Assert.Equal(("line 7", "line 206"), (log.Lines[0].Text, log.Lines[^1].Text));
        Assert.False(lines.HasWarned);
    }

    [Fact]
    public void All_lines_together_are_bounded_in_bytes_and_so_is_each()
    {
        var lines = new ItemLines();
        for (var i = 0; i < 50; i++)
            lines.Add(At, LogLevel.Information, new('é', 10_000));

        var log = lines.Of("one", 1);
        Assert.InRange(log.Lines.Sum(line => Encoding.UTF8.GetByteCount(line.Text)), 1, ItemLines.MostBytes);
        Assert.Equal(50, log.Dropped + log.Lines.Count);
        Assert.All(log.Lines, line =>
        {
            Assert.InRange(Encoding.UTF8.GetByteCount(line.Text), ItemLines.MostOfLine - 10, ItemLines.MostOfLine);
            Assert.EndsWith("é…", line.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_warning_is_remembered_though_its_line_is_gone()
    {
        var lines = new ItemLines();
        lines.Add(At, LogLevel.Warning, "careful");
        for (var i = 0; i < ItemLines.MostLines; i++)
            lines.Add(At, LogLevel.Information, "on");
        Assert.True(lines.HasWarned);
        Assert.DoesNotContain(lines.Of("one", 1).Lines, line => line.Level == "warning");
    }

    [Fact]
    public async Task What_is_logged_goes_to_the_item_that_it_is_logged_for_and_nowhere_without_one()
    {
        using var provider = new ItemLogProvider(TimeProvider.System);
        var log = provider.CreateLogger("GpuWorker.Worker.X");
        Assert.False(log.IsEnabled(LogLevel.Critical));

        async Task<ItemLines> HandleAsync(string what)
        {
            var lines = ItemLines.Begin();
            await Task.Yield();
            log.Log(LogLevel.Debug, default, what, null, (state, _) => state);
            log.Log(LogLevel.Error, default, what, new IOException("no disk"), (state, _) => state);
            return lines;
        }

        var both = await Task.WhenAll(HandleAsync("a"), HandleAsync("b"));
        Assert.Null(ItemLines.Current);
        Assert.Equal(["a", "b"], both.Select(lines => Assert.Single(lines.Of("one", 1).Lines).Text[..1]));
        Assert.All(both, lines => Assert.Contains("IOException: no disk", lines.Of("one", 1).Lines[0].Text, StringComparison.Ordinal));
    }
}

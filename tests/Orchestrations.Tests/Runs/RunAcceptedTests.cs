using System.Text.Json;
using Curriculum.Costs;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "fast")]
public class RunAcceptedTests
{
    [Fact]
    public void A_price_with_nothing_missing_is_read_as_it_was_written_which_failed_on_the_absent_member()
    {
        var price = new PlanPrice { Machine = "m", Currency = "USD", RatesAsOf = "2026-01-01", Lines = [], Total = new(1, 2) };
        var written = JsonSerializer.SerializeToUtf8Bytes(new RunAccepted("run", "hash", "url", Existing: false, price), ApiJson.Default.RunAccepted);
        var read = JsonSerializer.Deserialize(written, ApiJson.Default.RunAccepted)!;
        Assert.Equal(price, read.Price with { Lines = price.Lines });
    }
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Curriculum.Tests.Training;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Work;

/// <summary>Whatever stands in the place of a message, an item, a result or a state: it is read as what it says, or refused as what it is not.</summary>
[Trait("Speed", "fast")]
public class ContractFuzzTests
{
    private const int Inputs = 110_000;

    [Fact]
    public void A_hundred_thousand_damaged_messages_items_results_and_states_are_read_or_refused_and_nothing_else()
    {
        var stage = PlayedStage.Of("""{ "method": "srl", "problemsPerIteration": 1, "rolloutItems": 1, "groupSize": 2, "admission": { "targetGroups": 1 }, "checkpointEvery": 2 }""", "fuzz");
        var steps = stage.Play();
        var items = steps.SelectMany(step => step.Work).Take(6).ToList();
        (byte[] Text, Func<byte[], byte[]> Again)[] seeds =
        [
            .. items.Select(item => Seed(new WorkMessage(item.Id, AwaitedResult.Of(item).InputHash, item.Id.Owner.Instance), CurriculumJson.Default.WorkMessage)),
            .. items.Select(item => Seed(new WorkMessage(item.Id, AwaitedResult.Of(item).InputHash, item.Id.Owner.Instance) { Item = [1, 2, 3] }, CurriculumJson.Default.WorkMessage)),
            .. items.Select(item => Seed(new ResultMessage(item.Id, item.Id.Owner.Instance), CurriculumJson.Default.ResultMessage)),
            .. items.Select(item => Seed(item, CurriculumJson.Default.WorkItem)),
            .. items.Select(item => Seed(stage.Work(item), CurriculumJson.Default.WorkResult)),
            .. steps.Take(8).Select(step => Seed(step.State, TrainingJson.Default.StageState)),
        ];
        var random = new Random(7);
        var (read, refused) = (0, 0);
        for (var n = 0; n < Inputs; n++)
        {
            var (text, again) = seeds[n % seeds.Length];
            try
            {
                var once = again(Damaged(text, random));
                Assert.Equal(once, again(once));
                read++;
            }
            catch (Exception refusal) when (refusal is JsonException or NotSupportedException || (refusal is ArgumentException && refusal.Message.Contains("infinity", StringComparison.Ordinal)))
            {
                // An infinity is read of a number too large for a double; whoever reads a result refuses it, and nobody writes it.
                refused++;
            }
        }

        Assert.Equal(Inputs, read + refused);
        // Both happen: a digit changed is another number, a brace lost is nothing.
        Assert.True(read > Inputs / 50 && refused > Inputs / 2, $"{read} read, {refused} refused");
    }

    private static (byte[] Text, Func<byte[], byte[]> Again) Seed<T>(T value, JsonTypeInfo<T> type) => (
        JsonSerializer.SerializeToUtf8Bytes(value, type),
        text => JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(text, type) ?? throw new JsonException("null"), type));

    private static byte[] Damaged(byte[] text, Random random)
    {
        var damaged = text.ToList();
        for (var times = random.Next(1, 4); times > 0 && damaged.Count > 0; times--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(5))
            {
                case 0:
                    damaged[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    damaged.RemoveAt(at);
                    break;
                case 2:
                    damaged.Insert(at, (byte)"0129-/@,:{}[]\"ntf.eE"[random.Next(20)]);
                    break;
                case 3:
                    damaged[at] = (byte)('0' + random.Next(10));
                    break;
                default:
                    damaged.RemoveRange(at, Math.Min(random.Next(1, 12), damaged.Count - at));
                    break;
            }
        }

        return [.. damaged];
    }
}

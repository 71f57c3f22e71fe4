using System.Text;
using System.Text.Json;
using Azure.Storage.Queues.Models;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Worker;
using Testing.Fuzzing;

namespace GpuWorker.Tests.Fuzzing;

/// <summary>Whatever lies in a checkpoint or comes over the queue is read whole or refused by name.</summary>
[Trait("Speed", "fast")]
public sealed class WorkerFuzzTests
{
    [Fact]
    public async Task A_safetensors_file_is_read_whole_or_refused_by_what_is_wrong()
    {
        byte[][] headers =
        [
            """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}"""u8.ToArray(),
            """{"__metadata__":{"format":"pt"},"w":{"dtype":"BF16","shape":[16],"data_offsets":[0,32]}}"""u8.ToArray(),
        ];
        Report(await Fuzzer.RunAsync("safetensors bytes", 900, [.. headers.Select(Safetensors)], ReadSafetensors));
        // The header's own text, under a length that is right: these get past the first check.
        Report(await Fuzzer.RunAsync("safetensors header", 900, headers, header => ReadSafetensors(Safetensors(header))));
    }

    [Fact]
    public async Task A_work_message_is_read_or_dead_lettered_with_the_reason_and_its_id_never_leaves_its_prefix() => Report(await Fuzzer.RunAsync(
        "work",
        900,
        ["""{"id":"run-1/srl/1/0/0/3/0/2/rollout","inputHash":"00ff","instance":"run-1:srl:1:0"}"""u8.ToArray()],
        (input, random) =>
        {
            var text = random.Next(10) == 0 ? Encoding.UTF8.GetString(input) : Convert.ToBase64String(input);
            var message = QueuesModelFactory.QueueMessage("1", "receipt", text, 1);
            if (new Delivery(null!, message).TryRead(out var work, out var reason))
            {
                Assert.StartsWith(
                    "/account/work/",
                    new Azure.Storage.Blobs.BlobContainerClient(new Uri("http://127.0.0.1/account/work")).GetBlobClient(StorageNames.Item(work.Id)).Uri.AbsolutePath,
                    StringComparison.Ordinal);
            }
            else
            {
                Assert.Contains("Expected", reason, StringComparison.Ordinal);
            }

            return Task.CompletedTask;
        }));

    [Fact]
    public async Task An_item_is_read_or_refused_as_json() => Report(await Fuzzer.RunAsync(
        "item",
        600,
        [
            """{"type":"evaluate","id":"run-1/srl/1/0/0/3/0/2/evaluate","policy":{"container":"runs","folder":"run-1/states/srl","manifest":"00"},"problems":[],"samples":4,"maxNewTokens":64,"drawKey":"x"}"""u8.ToArray(),
        ],
        input =>
        {
            try
            {
                JsonSerializer.Deserialize(input, CurriculumJson.Default.WorkItem);
            }
            catch (Exception refusal) when (refusal is JsonException or NotSupportedException)
            {
                Assert.NotEmpty(refusal.Message);
            }
        }));

    private static void ReadSafetensors(byte[] file)
    {
        try
        {
            foreach (var (name, tensor) in SafetensorsFile.Read(file))
                tensor.CheckLength(name);
        }
        catch (InvalidDataException refusal)
        {
            Assert.Contains("Expected", refusal.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Safetensors(byte[] header) => [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[32]];

    private static void Report(int cases) => TestContext.Current.TestOutputHelper?.WriteLine($"{cases} cases");
}

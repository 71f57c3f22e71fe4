using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Tests.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Models;

[Trait("Speed", "fast")]
public sealed class ModelExportTests : IDisposable
{
    private static readonly PolicyConfig Config = QwenTests.Family("qwen2", tied: false, biases: false);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"export-{Guid.NewGuid():N}");

    public ModelExportTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Theory]
    [InlineData("BF16")]
    [InlineData("F16")]
    [InlineData("F32")]
    public void A_base_held_in_float32_comes_back_to_its_bytes_in_its_own_type(string name)
    {
        using var random = PolicyWeights.Random(Config, 4, CPU);
        var type = Enum.Parse<StoredType>(name);
        var came = random.ToSafetensors(type);
        using var held = PolicyWeights.Load(Config, came, CPU);
        var exported = Export(held.ToSafetensors(), new(Type: type, Trained: true));
        AssertSameTensors(came, exported);
        Assert.Equal("pt", Format(exported));
    }

    [Fact]
    public void A_base_held_in_bfloat16_comes_back_to_its_bytes_only_where_it_was_bfloat16()
    {
        using var random = PolicyWeights.Random(Config, 4, CPU);
        foreach (var type in (StoredType[])[StoredType.BF16, StoredType.F16])
        {
            var came = random.ToSafetensors(type);
            using var held = PolicyWeights.Load(Config, came, CPU, ScalarType.BFloat16);
            var back = SafetensorsFile.Read(ModelExport.Converted(held.ToSafetensors(), type))["lm_head.weight"].Data.ToArray();
            Assert.Equal(type == StoredType.BF16, back.AsSpan().SequenceEqual(SafetensorsFile.Read(came)["lm_head.weight"].Data.ToArray()));
        }
    }

    [Fact]
    public void A_base_is_written_as_it_came_and_a_trained_file_only_gains_a_header_that_says_what_it_is()
    {
        using var random = PolicyWeights.Random(Config, 4, CPU);
        var file = random.ToSafetensors();
        Assert.Null(Format(file));
        Assert.Equal(file.ToArray(), Export(file, new()).ToArray());
        Directory.Delete(_folder, recursive: true);
        var trained = Export(file, new(Trained: true));
        Assert.Equal("pt", Format(trained));
        AssertSameTensors(file, trained);
    }

    [Fact]
    public void Another_type_rounds_each_number_to_its_nearest_and_refuses_what_it_does_not_reach()
    {
        float[] numbers = [1.0009766f, -0.1f, 3.1415927f, 65504f, 1e-7f, 0];
        StoredBytes Of(float last) => SafetensorsFile.Write(new Dictionary<string, StoredTensor>
        {
            ["numbers"] = new(StoredType.F32, [6], MemoryMarshal.AsBytes<float>([.. numbers[..5], last]).ToArray()),
        });
        var half = SafetensorsFile.Read(ModelExport.Converted(Of(0), StoredType.F16))["numbers"];
        Assert.Equal(StoredType.F16, half.Type);
        Assert.Equal(numbers.Select(number => (Half)number), MemoryMarshal.Cast<byte, Half>(half.Data.ToArray()).ToArray());

        // The upper half of a float32's bits, rounded to even.
        var brain = SafetensorsFile.Read(ModelExport.Converted(Of(0), StoredType.BF16))["numbers"];
        Assert.Equal(
            numbers.Select(BitConverter.SingleToUInt32Bits).Select(bits => (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)),
            MemoryMarshal.Cast<byte, ushort>(brain.Data.ToArray()).ToArray());
        Assert.Contains("larger ones in numbers", Assert.Throws<InvalidDataException>(() => ModelExport.Converted(Of(-70_000), StoredType.F16)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_is_written_as_it_was_stored_and_names_the_model_that_it_belongs_to()
    {
        using var policy = PolicyWeights.Random(Config, 4, CPU);
        policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = 2, Alpha = 4, TargetModules = ["q_proj"] }, 5, CPU));
        var parts = Parts(policy.ToSafetensors());
        (parts[StatePartNames.Adapter], parts[StatePartNames.AdapterConfig]) = (policy.Adapter!.ToSafetensors(), policy.Adapter.Config.ToBytes());
        Assert.Contains("Leave --dtype out", Assert.Throws<InvalidDataException>(() => ModelExport.Write(parts, _folder, new(Type: StoredType.BF16))).Message, StringComparison.Ordinal);

        ModelExport.Write(parts, _folder, new(Trained: true, BaseModel: "Qwen2.5-0.5B"));
        Assert.Equal(parts[StatePartNames.Adapter].ToArray(), File.ReadAllBytes(Path.Combine(_folder, "adapter_model.safetensors")));
        var written = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, "adapter_config.json")))!;
        Assert.Equal("Qwen2.5-0.5B", (string)written["base_model_name_or_path"]!);
        var stored = JsonNode.Parse(parts[StatePartNames.AdapterConfig].ToArray())!;
        written.AsObject().Remove("base_model_name_or_path");
        stored.AsObject().Remove("base_model_name_or_path");
        Assert.True(JsonNode.DeepEquals(stored, written), written.ToJsonString());
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    private StoredBytes Export(StoredBytes policy, ExportOptions choice)
    {
        Assert.Equal(["config.json", "model.safetensors"], ModelExport.Write(Parts(policy), _folder, choice));
        return File.ReadAllBytes(Path.Combine(_folder, "model.safetensors"));
    }

    private static Dictionary<string, StoredBytes> Parts(StoredBytes policy) => new()
    {
        [StatePartNames.Config] = Config.ToBytes(),
        [StatePartNames.Policy] = policy,
    };

    private static string? Format(StoredBytes file) =>
        (string?)JsonNode.Parse(Encoding.UTF8.GetString(SafetensorsFile.Header(file)))!["__metadata__"]?["format"];

    private static void AssertSameTensors(StoredBytes expected, StoredBytes found)
    {
        var (before, after) = (SafetensorsFile.Read(expected), SafetensorsFile.Read(found));
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before, pair =>
        {
            Assert.Equal((pair.Value.Type, string.Join(',', pair.Value.Shape)), (after[pair.Key].Type, string.Join(',', after[pair.Key].Shape)));
            Assert.Equal(pair.Value.Data.ToArray(), after[pair.Key].Data.ToArray());
        });
    }
}

using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Tokenizers;

namespace GpuWorker.Policies;

/// <summary>The part of a state that says which chat template its policy is asked in.</summary>
internal static class ChatPart
{
    /// <summary>The part for an imported model: the plan with its format, found where the plan names none.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="config">The model's.</param>
    /// <param name="tokenizer">Its tokenizer.json; null where the folder has none.</param>
    /// <exception cref="InvalidDataException">The model cannot be asked in that template; says why.</exception>
    public static byte[] Of(ChatPlan plan, PolicyConfig config, byte[]? tokenizer)
    {
        if (tokenizer is null)
            throw new InvalidDataException("Expected tokenizer.json in the model's folder for a chat template, found none: upload it, or leave base.chat out.");
        ChatPrompts prompts = new(ByteLevelTokenizer.Read(tokenizer, config.Ends), plan);
        return prompts.Encode("", "").Max() is var highest && highest < config.VocabSize
            ? JsonSerializer.SerializeToUtf8Bytes(prompts.Plan, CurriculumJson.Default.ChatPlan)
            : throw new InvalidDataException($"Expected the chat template's tokens among the model's {config.VocabSize}, found {highest}: tokenizer.json is not the model's own.");
    }

    /// <exception cref="InvalidDataException">It is no such part.</exception>
    public static ChatPlan Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CurriculumJson.Default.ChatPlan) ?? throw new InvalidDataException("Expected a state's part 'chat', found null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Expected a state's part 'chat', found something else: {error.Message}", error);
        }
    }
}

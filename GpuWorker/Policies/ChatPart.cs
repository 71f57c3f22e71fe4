using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Tokenizers;

namespace GpuWorker.Policies;

/// <summary>The part of a state that names the chat template of its prompts.</summary>
internal static class ChatPart
{
    private const string Known = "chatml, qwen2.5, qwen3, qwen3-thinking, llama3 or llama3.1";

    /// <summary>The part for an imported model: the plan with the format, and with the system message that the folder's own template falls back on, where the plan names none.</summary>
    /// <param name="plan">What is asked for.</param>
    /// <param name="config">The model's.</param>
    /// <param name="texts">Its other files.</param>
    /// <exception cref="InvalidDataException">The model cannot be prompted with that template; the message says why.</exception>
    public static byte[] Of(ChatPlan plan, PolicyConfig config, TokenizerFiles texts)
    {
        if (!texts.HasTokenizer)
            throw new InvalidDataException("Expected tokenizer.json in the model's folder for a chat template, found none: upload it, or leave base.chat out.");
        var found = plan.Format is null ? Found(plan, texts) : plan;
        ChatPrompts prompts = new(texts.ReadTokenizer(config.EosTokenIds), found);
        return prompts.Encode("", "").Max() is var highest && highest < config.VocabSize
            ? JsonSerializer.SerializeToUtf8Bytes(found, CurriculumJson.Default.ChatPlan)
            : throw new InvalidDataException($"Expected the chat template's tokens among the model's {config.VocabSize}, found {highest}: tokenizer.json is not the model's own.");
    }

    /// <exception cref="InvalidDataException">It is not such a part.</exception>
    public static ChatPlan Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CurriculumJson.Default.ChatPlan) ?? throw new InvalidDataException("Expected a state's part 'chat', found null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Expected a state's part 'chat', found something else: {JsonFault.Words(error)}", error);
        }
    }

    private static ChatPlan Found(ChatPlan plan, TokenizerFiles texts)
    {
        var template = texts.Template ?? throw new InvalidDataException(
            $"Expected the model's chat template in chat_template.jinja or tokenizer_config.json, found none: set base.chat.format to {Known}, or leave base.chat out.");
        var known = KnownChatTemplates.Of(template) ?? throw new InvalidDataException(
            $"Expected a known chat template, found one that begins '{Beginning(template)}': set base.chat.format to the equivalent one of {Known}, and base.chat.system to its system message if it has one; or leave base.chat out.");
        return plan with { Format = known.Format, System = plan.System ?? known.System };
    }

    private static string Beginning(string template) => template.ReplaceLineEndings(" ") is var line && line.Length > 60 ? $"{line[..60]}..." : line;
}

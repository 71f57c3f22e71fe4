using Curriculum.Plans;

namespace GpuWorker.Tokenizers;

/// <summary>Prompts as chat turns: the user's, then the open turn of the assistant.</summary>
internal sealed class ChatPrompts
{
    private readonly ByteLevelTokenizer _tokenizer;
    private readonly ChatPlan _plan;
    private readonly ChatTemplate _template;

    /// <param name="tokenizer">The model's.</param>
    /// <param name="plan">With its format.</param>
    /// <exception cref="InvalidDataException">The tokenizer lacks control tokens of the plan's format, or the format has no such monologue; the message says which.</exception>
    public ChatPrompts(ByteLevelTokenizer tokenizer, ChatPlan plan)
    {
        var format = plan.Format ?? throw new InvalidDataException("Expected the chat template with its format, found none.");
        (_tokenizer, _plan, _template) = (tokenizer, plan, new(tokenizer, format));
        if (plan.Thinking && format is not (ChatFormat.Qwen3 or ChatFormat.Qwen3Thinking))
            throw new InvalidDataException($"Expected base.chat.thinking to be false: only the chat formats qwen3 and qwen3-thinking have monologues, found {ChatTemplate.Name(format)}.");
        if (!plan.Thinking && format == ChatFormat.Qwen3Thinking)
            throw new InvalidDataException("Expected base.chat.thinking to be true: the model's chat template opens a monologue in every answer.");
    }

    /// <summary>The ids of a prompt.</summary>
    /// <param name="asked">The user's turn; trailing white space separates bare texts and is dropped.</param>
    /// <param name="begun">The prefilled beginning of the assistant's turn.</param>
    /// <exception cref="FormatException">The text cannot be encoded.</exception>
    public int[] Encode(string asked, string begun) =>
        [.. _template.Encode(_plan.System, asked.TrimEnd(), _plan.Thinking), .. _tokenizer.Encode(begun)];
}

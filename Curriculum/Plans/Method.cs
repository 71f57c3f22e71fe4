using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The training methods, by the names that plans, verdicts and reports write.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
public enum Method
{
    /// <summary>Supervised fine-tuning on expert solutions, whole or step by step.</summary>
    [JsonStringEnumMemberName("sft")]
    Sft,

    /// <summary>Step-wise imitation of expert solutions by reinforcement (arXiv 2510.25992).</summary>
    [JsonStringEnumMemberName("srl")]
    Srl,

    /// <summary>Reinforcement with verifiable rewards on whole completions.</summary>
    [JsonStringEnumMemberName("rlvr")]
    Rlvr,

    /// <summary>Sampling, and fine-tuning on the successes (arXiv 2403.04642).</summary>
    [JsonStringEnumMemberName("expert-iteration")]
    ExpertIteration,

    /// <summary>Sampling, and fine-tuning on the best completions of each group (arXiv 2304.06767).</summary>
    [JsonStringEnumMemberName("best-of-n")]
    BestOfN,

    /// <summary>Sampling, labelling each completion good or bad, training on the labelled text, and asking for good (arXiv 2403.04642).</summary>
    [JsonStringEnumMemberName("return-conditioned")]
    ReturnConditioned,
}

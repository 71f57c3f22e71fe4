using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>What a work item does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WorkKind>))]
public enum WorkKind
{
    /// <summary>Trains a base policy from random weights.</summary>
    [JsonStringEnumMemberName("pretrain")]
    Pretrain,

    /// <summary>Checks a model folder and makes it a run's base.</summary>
    [JsonStringEnumMemberName("import")]
    Import,

    /// <summary>Samples trajectory groups and rewards them.</summary>
    [JsonStringEnumMemberName("rollout")]
    Rollout,

    /// <summary>Samples problems to learn how hard they are, before any is trained on.</summary>
    [JsonStringEnumMemberName("pilot")]
    Pilot,

    /// <summary>Samples the prompts of lone successes again.</summary>
    [JsonStringEnumMemberName("check")]
    Check,

    /// <summary>Reads a state, takes optimiser steps, writes the next state.</summary>
    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>Evaluates a checkpoint on the validation set.</summary>
    [JsonStringEnumMemberName("validate")]
    Validate,

    /// <summary>Evaluates an arm's chosen checkpoint on a benchmark.</summary>
    [JsonStringEnumMemberName("evaluate")]
    Evaluate,

    /// <summary>Looks for a benchmark in the base's memory, before any training.</summary>
    [JsonStringEnumMemberName("audit")]
    Audit,

    /// <summary>Measures a policy beside its accuracy: completions, likelihoods, many samples.</summary>
    [JsonStringEnumMemberName("probe")]
    Probe,

    /// <summary>Runs several iterations of a stage on one worker.</summary>
    [JsonStringEnumMemberName("colocated")]
    Colocated,
}

using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>One teacher-forced pass over packed rows. C hidden, V vocabulary, N predicted tokens.</summary>
/// <param name="HiddenNC">The states that the predicted tokens were written in.</param>
/// <param name="AllNV">Log-probabilities of every token there, at the temperature.</param>
/// <param name="LogProbsN">Those of the tokens written.</param>
internal readonly record struct TokenForward(Tensor HiddenNC, Tensor AllNV, Tensor LogProbsN)
{
    /// <summary>Only the states that predict a token reach the output matrix.</summary>
    public static TokenForward Of(FusedWeights fused, PackedBatch batch, IForwardPass pass, double temperature)
    {
        var hiddenNC = pass.HiddenBTC.view(-1, fused.Config.HiddenSize).index_select(0, batch.SourcesN);
        var allNV = Transformer.LogProbs(fused, hiddenNC, temperature);
        return new(hiddenNC, allNV, allNV.gather(1, batch.TargetsN.unsqueeze(1)).squeeze(1));
    }
}

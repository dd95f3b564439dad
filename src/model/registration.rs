//! The operators of the schema that TensorFlow Lite Micro's resolver has methods for.
//!
//! Source: `micro_mutable_op_resolver.h` of tensorflow/tflite-micro.

/// The methods that register them, as they are spelled behind `Add`; without case and `_` they are the schema's names.
const REGISTERED: &str = "Abs Add AddN ArgMax ArgMin AssignVariable AveragePool2D BatchMatMul BatchToSpaceNd \
    BroadcastArgs BroadcastTo CallOnce Cast Ceil Concatenation Conv2D Cos CumSum DepthToSpace DepthwiseConv2D \
    Dequantize Div DynamicUpdateSlice Elu EmbeddingLookup Equal Exp ExpandDims Fill Floor FloorDiv FloorMod FullyConnected Gather \
    GatherNd Greater GreaterEqual HardSwish If L2Normalization L2Pool2D LeakyRelu Less LessEqual Log LogSoftmax \
    LogicalAnd LogicalNot LogicalOr Logistic MaxPool2D Maximum Mean Minimum MirrorPad Mul Neg NotEqual Pack Pad \
    PadV2 Prelu Quantize ReadVariable ReduceAll ReduceMax ReduceMin Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor \
    ReverseV2 Round Rsqrt SelectV2 Shape Sin Slice Softmax SpaceToBatchNd SpaceToDepth Split SplitV Sqrt Square \
    SquaredDifference Squeeze StridedSlice Sub Sum Svdf Tanh Transpose TransposeConv \
    UnidirectionalSequenceLSTM Unpack VarHandle While ZerosLike";

/// Custom operators with kernels of the project's own, by the model's names for them.
const CUSTOM: [(&str, &str); 3] = [
    ("CUSTOM:CIRCULAR_BUFFER", "CircularBuffer"),
    ("CUSTOM:TFLite_Detection_PostProcess", "DetectionPostprocess"),
    ("CUSTOM:ethos-u", "EthosU"),
];

/// What the method that registers a kind of operator is called behind `Add`: `DepthwiseConv2D` of
/// `DEPTHWISE_CONV_2D`. `None` where the resolver is not known to have one.
#[must_use]
pub fn registration(kind: &str) -> Option<&'static str> {
    if let Some((_, name)) = CUSTOM.iter().find(|(custom, _)| *custom == kind) {
        return Some(name);
    }
    let letters = || kind.bytes().filter(|&letter| letter != b'_');
    let is_it = |name: &&str| name.bytes().map(|letter| letter.to_ascii_uppercase()).eq(letters());
    REGISTERED.split_ascii_whitespace().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::builtin_name;

    #[test]
    fn every_method_is_of_one_operator_of_the_schema() {
        for name in REGISTERED.split_ascii_whitespace() {
            let is_meant = |kind: &&str| registration(kind) == Some(name);
            assert_eq!((0..209).filter_map(builtin_name).filter(is_meant).count(), 1, "{name}");
        }
        // The last ones that the resolver has grown.
        for (kind, name) in
            [("DYNAMIC_UPDATE_SLICE", "DynamicUpdateSlice"), ("REDUCE_ALL", "ReduceAll")]
        {
            assert_eq!(registration(kind), Some(name));
        }
        assert_eq!(registration("GELU"), None);
        assert_eq!(registration("CUSTOM:ethos-u"), Some("EthosU"));
        assert_eq!(registration("CUSTOM:CONV_2D"), None);
        assert_eq!(registration("CUSTOM"), None);
        assert_eq!(registration("_"), None);
    }
}

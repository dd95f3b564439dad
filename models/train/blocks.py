"""What the networks are built of. All maps use SAME padding, so the files need no PAD."""

from tensorflow import keras

L = keras.layers
DECAY_OF_STATISTICS = 0.95


def normalised(x, relu=True):
    x = L.BatchNormalization(momentum=DECAY_OF_STATISTICS, epsilon=1e-3)(x)
    return L.ReLU(6.0)(x) if relu else x


def convolution(x, filters, kernel=1, stride=1, relu=True):
    return normalised(L.Conv2D(filters, kernel, stride, "same", use_bias=False)(x), relu)


def depthwise(x, kernel=3, stride=1):
    return normalised(L.DepthwiseConv2D(kernel, stride, "same", use_bias=False)(x))


def inverted_residual(x, filters, expansion, kernel=3, stride=1):
    """Widen by 1x1, filter each channel by itself, narrow by 1x1; add the input where shapes allow.

    A kernel of 1 leaves the filtering out: what remains mixes channels and sees no neighbours.
    """
    before = x.shape[-1]
    y = convolution(x, before * expansion) if expansion > 1 else x
    if kernel > 1:
        y = depthwise(y, kernel, stride)
    y = convolution(y, filters, relu=False)
    return L.Add()([x, y]) if stride == 1 and before == filters else y


def residual(x, filters, stride=1):
    """Two 3x3 convolutions beside a shortcut, as in ResNet; the shortcut is a 1x1 where shapes differ."""
    y = convolution(x, filters, 3, stride)
    y = convolution(y, filters, 3, relu=False)
    if stride != 1 or x.shape[-1] != filters:
        x = convolution(x, filters, 1, stride, relu=False)
    return L.ReLU(6.0)(L.Add()([x, y]))


def classifier(inputs, x, classes, dropout):
    x = L.GlobalAveragePooling2D()(x)
    x = L.Dropout(dropout)(x)
    return keras.Model(inputs, L.Dense(classes, activation="softmax")(x))


def mobile_network(shape, stem, blocks, head, classes, dropout=0.1):
    """A 3x3 stem with stride 2, inverted residuals (filters, expansion, kernel, stride), a 1x1 head."""
    inputs = L.Input(shape)
    x = convolution(inputs, stem, 3, 2)
    for block in blocks:
        x = inverted_residual(x, *block)
    if head:
        x = convolution(x, head)
    return classifier(inputs, x, classes, dropout)

export * from 'onnxruntime-node';

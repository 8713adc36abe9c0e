export type Haptic = 'pick' | 'record' | 'right' | 'wrong';

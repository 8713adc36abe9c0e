/** Where the app begins. A system that starts it for the background alone opens no screen: the task must be known before the first of them. */
import './src/lib/sending/background';
import 'expo-router/entry';
